// Where services send their spans in a test: OTLP over HTTP, in protobuf, as any backend for traces takes it. It keeps
// what it got, in the order in which it came, and answers 200.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { protobufFields, type ProtobufField } from './protobuf-fields.ts';

type Attributes = Readonly<Record<string, string | number | boolean>>;

export type ReceivedSpan = {
  readonly service: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it begins its trace. */
  readonly parentSpanId: string;
  readonly attributes: Attributes;
  readonly links: readonly { readonly traceId: string; readonly spanId: string; readonly attributes: Attributes }[];
  readonly hasFailed: boolean;
};

export type OtlpReceiver = {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  spans(): readonly ReceivedSpan[];
  close(): Promise<void>;
};

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const received: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      if (request.url === '/v1/traces') received.push(...readExport(body));
      response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

// The numbers are those of opentelemetry/proto/collector/trace/v1/trace_service.proto and what it imports.
function readExport(body: Uint8Array): ReceivedSpan[] {
  return messages(protobufFields(body), 1).flatMap((resourceSpans) => {
    const service = String(attributesOf(messages(resourceSpans, 1)[0] ?? [], 1)['service.name']);
    return messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => readSpan(service, span)),
    );
  });
}

type Fields = readonly ProtobufField[];

function readSpan(service: string, span: Fields): ReceivedSpan {
  return {
    service,
    traceId: hex(span, 1),
    spanId: hex(span, 2),
    parentSpanId: hex(span, 4),
    name: text(span, 5),
    kind: number(span, 6),
    attributes: attributesOf(span, 9),
    links: messages(span, 13).map((link) => ({
      traceId: hex(link, 1),
      spanId: hex(link, 2),
      attributes: attributesOf(link, 4),
    })),
    hasFailed: number(messages(span, 15)[0] ?? [], 3) === 2,
  };
}

function attributesOf(fields: Fields, wanted: number): Attributes {
  return Object.fromEntries(
    messages(fields, wanted).map((pair) => [text(pair, 1), anyValue(messages(pair, 2)[0] ?? [])]),
  );
}

function anyValue([field]: Fields): string | number | boolean {
  if (field === undefined) return '';
  if (field.value instanceof Uint8Array) return Buffer.from(field.value).toString();
  return field.number === 2 ? field.value === 1n : Number(field.value);
}

function valuesOf(fields: Fields, wanted: number): readonly (bigint | Uint8Array)[] {
  return fields.filter((field) => field.number === wanted).map(({ value }) => value);
}

function messages(fields: Fields, wanted: number): readonly Fields[] {
  return valuesOf(fields, wanted).flatMap((value) => (value instanceof Uint8Array ? [protobufFields(value)] : []));
}

function bytes(fields: Fields, wanted: number): Buffer {
  const [value] = valuesOf(fields, wanted);
  return Buffer.from(value instanceof Uint8Array ? value : []);
}

const hex = (fields: Fields, wanted: number): string => bytes(fields, wanted).toString('hex');
const text = (fields: Fields, wanted: number): string => bytes(fields, wanted).toString();
const number = (fields: Fields, wanted: number): number => Number(valuesOf(fields, wanted)[0] ?? 0);
