-- CreateTable
CREATE TABLE "schedule" (
    "id" SERIAL NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "show_id" INTEGER NOT NULL,
    "rrule" JSONB NOT NULL,
    "first_date" TEXT NOT NULL,
    "start_time" TEXT NOT NULL,
    "end_time" TEXT NOT NULL,
    "last_date" TEXT,
    "default_media_id" INTEGER,
    "repetition_of_id" INTEGER,
    "add_days_no" INTEGER NOT NULL,
    "add_business_days_only" BOOLEAN NOT NULL,
    "planned_until" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "timeslot" (
    "id" SERIAL NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "schedule_id" INTEGER NOT NULL,
    "show_id" INTEGER NOT NULL,
    "repetition_of_id" INTEGER,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "memo" TEXT NOT NULL,
    "episode_id" INTEGER,
    "media_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "timeslot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "program_boundary" (
    "at" TIMESTAMPTZ(3) NOT NULL,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "program_boundary_pkey" PRIMARY KEY ("at")
);

-- CreateIndex
CREATE INDEX "schedule_updated_at_id_idx" ON "schedule"("updated_at", "id");

-- CreateIndex
CREATE INDEX "schedule_show_id_idx" ON "schedule"("show_id");

-- CreateIndex
CREATE INDEX "schedule_default_media_id_idx" ON "schedule"("default_media_id");

-- CreateIndex
CREATE INDEX "schedule_repetition_of_id_idx" ON "schedule"("repetition_of_id");

-- CreateIndex
CREATE INDEX "timeslot_starts_at_id_idx" ON "timeslot"("starts_at", "id");

-- CreateIndex
CREATE INDEX "timeslot_ends_at_idx" ON "timeslot"("ends_at");

-- CreateIndex
CREATE INDEX "timeslot_updated_at_id_idx" ON "timeslot"("updated_at", "id");

-- CreateIndex
CREATE INDEX "timeslot_schedule_id_idx" ON "timeslot"("schedule_id");

-- CreateIndex
CREATE INDEX "timeslot_show_id_idx" ON "timeslot"("show_id");

-- CreateIndex
CREATE INDEX "timeslot_repetition_of_id_idx" ON "timeslot"("repetition_of_id");

-- CreateIndex
CREATE INDEX "timeslot_episode_id_idx" ON "timeslot"("episode_id");

-- CreateIndex
CREATE INDEX "timeslot_media_id_idx" ON "timeslot"("media_id");

-- CreateIndex
CREATE INDEX "program_boundary_told_at_idx" ON "program_boundary"("told_at");

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_show_id_fkey" FOREIGN KEY ("show_id") REFERENCES "show"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_default_media_id_fkey" FOREIGN KEY ("default_media_id") REFERENCES "media"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_repetition_of_id_fkey" FOREIGN KEY ("repetition_of_id") REFERENCES "schedule"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "timeslot" ADD CONSTRAINT "timeslot_schedule_id_fkey" FOREIGN KEY ("schedule_id") REFERENCES "schedule"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "timeslot" ADD CONSTRAINT "timeslot_show_id_fkey" FOREIGN KEY ("show_id") REFERENCES "show"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "timeslot" ADD CONSTRAINT "timeslot_repetition_of_id_fkey" FOREIGN KEY ("repetition_of_id") REFERENCES "timeslot"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "timeslot" ADD CONSTRAINT "timeslot_episode_id_fkey" FOREIGN KEY ("episode_id") REFERENCES "episode"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "timeslot" ADD CONSTRAINT "timeslot_media_id_fkey" FOREIGN KEY ("media_id") REFERENCES "media"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- No two timeslots overlap, whatever the service believes. Checked after each statement, so that several may move at once.
ALTER TABLE "timeslot" ADD CONSTRAINT "timeslot_not_empty" CHECK ("ends_at" > "starts_at");
ALTER TABLE "timeslot" ADD CONSTRAINT "timeslot_no_overlap"
  EXCLUDE USING gist (tstzrange("starts_at", "ends_at") WITH &&) DEFERRABLE INITIALLY IMMEDIATE;
