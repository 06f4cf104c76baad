-- CreateTable
CREATE TABLE "package" (
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "description" TEXT,
    "vendor" TEXT,
    "signature" TEXT,
    "dependencies" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "package_pkey" PRIMARY KEY ("namespace","name","version")
);

-- CreateTable
CREATE TABLE "inbox_message" (
    "consumer" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "applied_at" TIMESTAMPTZ NOT NULL DEFAULT now(),

    CONSTRAINT "inbox_message_pkey" PRIMARY KEY ("consumer","message_id")
);

-- CreateTable
CREATE TABLE "inbox_key" (
    "consumer" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "epoch" BIGINT NOT NULL,
    "sequence" BIGINT NOT NULL,

    CONSTRAINT "inbox_key_pkey" PRIMARY KEY ("consumer","key")
);
