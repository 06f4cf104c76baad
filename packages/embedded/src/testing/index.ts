// `@longwave/embedded/testing`: what tests of more than one workspace need besides servers.
export { forkService, type ForkedService } from './fork-service.ts';
export { getJson, type JsonAnswer } from './get-json.ts';
export { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';
export { quietLog } from './quiet-log.ts';
export { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';
export { until } from './until.ts';
