-- CreateTable
CREATE TABLE "show" (
    "id" SERIAL NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "folded_name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "short_description" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "internal_note" TEXT NOT NULL,
    "languages" TEXT[],
    "links" JSONB NOT NULL,
    "is_active" BOOLEAN NOT NULL,
    "is_public" BOOLEAN NOT NULL,
    "predecessor_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "show_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "package" (
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "description" TEXT,
    "vendor" TEXT,
    "signature" TEXT,
    "dependencies" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "package_pkey" PRIMARY KEY ("namespace","name","version")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "caller" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "answer" JSON,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("caller","route","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "show_slug_key" ON "show"("slug");

-- CreateIndex
CREATE INDEX "show_folded_name_id_idx" ON "show"("folded_name", "id");

-- CreateIndex
CREATE INDEX "show_updated_at_id_idx" ON "show"("updated_at", "id");

-- CreateIndex
CREATE INDEX "show_predecessor_id_idx" ON "show"("predecessor_id");

-- CreateIndex
CREATE INDEX "idempotency_key_expires_at_idx" ON "idempotency_key"("expires_at");

-- AddForeignKey
ALTER TABLE "show" ADD CONSTRAINT "show_predecessor_id_fkey" FOREIGN KEY ("predecessor_id") REFERENCES "show"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

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
