-- AlterTable
ALTER TABLE "show" ADD COLUMN     "category_ids" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
ADD COLUMN     "cba_id" INTEGER,
ADD COLUMN     "default_media_id" INTEGER,
ADD COLUMN     "funding_category" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "host_ids" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
ADD COLUMN     "image" TEXT,
ADD COLUMN     "logo" TEXT,
ADD COLUMN     "music_focus" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "number_of_people" INTEGER,
ADD COLUMN     "owners" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "storage_quota_mib" INTEGER NOT NULL DEFAULT 10240,
ADD COLUMN     "topics" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "type" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "category" (
    "id" SERIAL NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "folded_name" TEXT NOT NULL,
    "subtitle" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "is_active" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "category_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "profile" (
    "id" SERIAL NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "folded_name" TEXT NOT NULL,
    "biography" TEXT NOT NULL,
    "email" TEXT,
    "image" TEXT,
    "links" JSONB NOT NULL,
    "is_active" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "profile_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "media" (
    "id" SERIAL NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "folded_name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "playout_mode" TEXT NOT NULL,
    "sources" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "media_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "episode" (
    "id" SERIAL NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "show_id" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "folded_name" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "memo" TEXT NOT NULL,
    "image" TEXT,
    "contributor_ids" INTEGER[],
    "topics" TEXT[],
    "tags" TEXT[],
    "languages" TEXT[],
    "links" JSONB NOT NULL,
    "media_id" INTEGER,
    "cba_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "episode_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "radio_settings" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "station_name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "fallback_show_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "radio_settings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "category_folded_name_id_idx" ON "category"("folded_name", "id");

-- CreateIndex
CREATE INDEX "category_updated_at_id_idx" ON "category"("updated_at", "id");

-- CreateIndex
CREATE INDEX "profile_folded_name_id_idx" ON "profile"("folded_name", "id");

-- CreateIndex
CREATE INDEX "profile_updated_at_id_idx" ON "profile"("updated_at", "id");

-- CreateIndex
CREATE INDEX "media_folded_name_id_idx" ON "media"("folded_name", "id");

-- CreateIndex
CREATE INDEX "media_updated_at_id_idx" ON "media"("updated_at", "id");

-- CreateIndex
CREATE INDEX "episode_folded_name_id_idx" ON "episode"("folded_name", "id");

-- CreateIndex
CREATE INDEX "episode_updated_at_id_idx" ON "episode"("updated_at", "id");

-- CreateIndex
CREATE INDEX "episode_show_id_idx" ON "episode"("show_id");

-- CreateIndex
CREATE INDEX "episode_media_id_idx" ON "episode"("media_id");

-- CreateIndex
CREATE INDEX "episode_contributor_ids_idx" ON "episode" USING GIN ("contributor_ids");

-- CreateIndex
CREATE INDEX "radio_settings_fallback_show_id_idx" ON "radio_settings"("fallback_show_id");

-- CreateIndex
CREATE INDEX "show_default_media_id_idx" ON "show"("default_media_id");

-- CreateIndex
CREATE INDEX "show_category_ids_idx" ON "show" USING GIN ("category_ids");

-- CreateIndex
CREATE INDEX "show_host_ids_idx" ON "show" USING GIN ("host_ids");

-- AddForeignKey
ALTER TABLE "show" ADD CONSTRAINT "show_default_media_id_fkey" FOREIGN KEY ("default_media_id") REFERENCES "media"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "episode" ADD CONSTRAINT "episode_show_id_fkey" FOREIGN KEY ("show_id") REFERENCES "show"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "episode" ADD CONSTRAINT "episode_media_id_fkey" FOREIGN KEY ("media_id") REFERENCES "media"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "radio_settings" ADD CONSTRAINT "radio_settings_fallback_show_id_fkey" FOREIGN KEY ("fallback_show_id") REFERENCES "show"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- The settings of the station: one row, which the service only ever changes.
INSERT INTO "radio_settings" ("id", "station_name", "time_zone", "created_at", "updated_at")
VALUES (1, 'Longwave', 'UTC', now(), now());
