-- CreateTable
CREATE TABLE "entry" (
    "sequence" BIGINT NOT NULL,
    "message_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "type" TEXT,
    "source" TEXT,
    "actor" TEXT,
    "correlation_id" TEXT NOT NULL,
    "causation_id" TEXT,
    "created_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "stream" TEXT NOT NULL,
    "stream_epoch" BIGINT NOT NULL,
    "stream_sequence" BIGINT NOT NULL,
    "headers" JSON NOT NULL,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "entry_pkey" PRIMARY KEY ("sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "entry_message_id_key" ON "entry"("message_id");

-- CreateIndex
CREATE INDEX "entry_correlation_id_sequence_idx" ON "entry"("correlation_id", "sequence");

-- CreateIndex
CREATE INDEX "entry_received_at_sequence_idx" ON "entry"("received_at", "sequence");


-- What Prisma cannot express; schema.prisma names it.

ALTER TABLE "entry" ADD CONSTRAINT "entry_sequence_check" CHECK ("sequence" > 0);

-- A filter begins with at most 255 characters of literal text, so these 256 decide it. A subject may have thousands,
-- which no B-tree takes. "C": the order is that of the bytes, whatever the database's own collation is.
CREATE INDEX "entry_subject_idx" ON "entry" (left("subject", 256) COLLATE "C", "sequence");

-- The record only grows. This holds for every role, the owner and superusers too; who takes the trigger away has done
-- so on purpose.
CREATE FUNCTION "refuse_entry_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'entries of the audit log are never changed or removed (% refused)', TG_OP
    USING ERRCODE = 'insufficient_privilege';
END;
$$;

CREATE TRIGGER "entry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_entry_change"();

-- Also where session_replication_role = replica switches ordinary triggers off.
ALTER TABLE "entry" ENABLE ALWAYS TRIGGER "entry_append_only";
