-- The inbox: which messages a consumer of this database has applied. A service copies this into a migration of its own.
CREATE TABLE "inbox_message" (
  "consumer" TEXT NOT NULL,
  "message_id" TEXT NOT NULL,
  "applied_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY ("consumer", "message_id")
);

-- How far each entity is: a message that lies before what was applied last is not applied any more.
CREATE TABLE "inbox_key" (
  "consumer" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "epoch" BIGINT NOT NULL,
  "sequence" BIGINT NOT NULL,
  PRIMARY KEY ("consumer", "key")
);
