-- The outbox: messages that were decided in a transaction and are not stored by the broker yet.
-- A service copies this into a migration of its own. Rows are deleted once the broker has acknowledged them, so there is
-- no cursor that a late commit could slip behind.
CREATE TABLE "outbox" (
  -- Order of insertion. A producer serialises an entity (row lock) before it inserts, so per key it is commit order.
  "position" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Each lane is published by one relay at a time; a key is always in the same lane.
  "lane" SMALLINT NOT NULL,
  "key" TEXT NOT NULL,
  "message_id" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "headers" JSONB NOT NULL,
  "payload" BYTEA NOT NULL
);

CREATE INDEX "outbox_lane_position_idx" ON "outbox" ("lane", "position");
