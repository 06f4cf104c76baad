import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planChanges, type Change } from './plan.ts';
import type { ReportedConfig, ServerState, ServerStream } from './server-state.ts';
import type { Topology } from './settings.ts';
import { longwaveTopology } from './topology.ts';

const topology = longwaveTopology();
const nothing: ServerState = { streams: [], isClustered: false };

// A server as far as configurations go: it stores what it is sent, reports it in words of its own (lists in another
// order, what is false or zero left out, facts added), and deletes consumers with their stream. Seen on 2.14.
function carryOut(state: ServerState, change: Change): ServerState {
  const old = state.streams.find(({ name }) => name === change.stream);
  const others = state.streams.filter(({ name }) => name !== change.stream);
  return { ...state, streams: [...others, changed(old, change)] };
}

function changed(old: ServerStream | undefined, { action, stream, consumer, config }: Change): ServerStream {
  if (consumer === undefined) {
    const subjects = config['subjects'] as readonly string[]; // a stream's configuration has them
    const consumers = action === 'update' ? (old?.consumers ?? []) : [];
    return { name: stream, subjects, config: asReported(config), messages: 0, consumers };
  }
  if (old === undefined) throw new Error(`there is no stream ${stream} for ${consumer}`);
  const rest = old.consumers.filter(({ name }) => name !== consumer);
  return { ...old, consumers: [...rest, { name: consumer, config: asReported(config) }] };
}

function asReported(config: ReportedConfig): ReportedConfig {
  const reported = Object.entries(config)
    .filter(([, value]) => value !== false && value !== 0 && value !== 'default')
    .map(([key, value]): [string, unknown] => [key, Array.isArray(value) ? value.toReversed() : value]);
  const facts = { compression: 'none', consumer_limits: {}, metadata: { '_nats.ver': '2.14.0' }, first_seq: 7 };
  return { ...Object.fromEntries(reported), ...facts, sealed: false, num_replicas: config['num_replicas'] ?? 0 };
}

const carryOutAll = (state: ServerState, changes: readonly Change[]): ServerState => changes.reduce(carryOut, state);

/** The server of `topology`, but for what `edit` changes in the stream `name`. */
function serverWith(name: string, edit: (stream: ServerStream) => ServerStream): ServerState {
  const state = carryOutAll(nothing, planChanges(topology, nothing));
  return { ...state, streams: state.streams.map((stream) => (stream.name === name ? edit(stream) : stream)) };
}

const withSetting =
  (setting: string, value: unknown) =>
  (stream: ServerStream): ServerStream => ({ ...stream, config: { ...stream.config, [setting]: value } });

const withConsumerSetting =
  (consumer: string, setting: string, value: unknown) =>
  (stream: ServerStream): ServerStream => ({
    ...stream,
    consumers: stream.consumers.map((one) =>
      one.name === consumer ? { ...one, config: { ...one.config, [setting]: value } } : one,
    ),
  });

const DAY = 86_400_000_000_000;

describe('what a difference leads to', () => {
  // Each row: what the server has in stream `events` instead, what is done about it, what that loses.
  test.each<[setting: string, actual: unknown, action: Change['action'], loses: RegExp | null]>([
    ['max_age', 7 * DAY, 'update', null],
    ['max_age', 90 * DAY, 'update', /beyond the new limit/],
    ['max_age', 0, 'update', /beyond the new limit/],
    ['max_bytes', 1_000, 'update', null],
    ['max_msgs_per_subject', 1, 'update', null],
    ['max_msg_size', 1_000, 'update', null],
    ['max_msg_size', 8_388_608, 'update', /above the new size/],
    ['max_msg_size', -1, 'update', /above the new size/],
    ['num_replicas', 3, 'update', /copies/],
    ['subjects', ['longwave.v1.events.>', 'old.*'], 'update', /published to old\.\*/],
    ['subjects', ['longwave.>'], 'update', /published to longwave\.>/],
    ['subjects', ['longwave.v1.events.steering.>'], 'update', null],
    ['duplicate_window', 10 * DAY, 'update', null],
    ['discard', 'old', 'update', null],
    ['retention', 'interest', 'update', null],
    ['retention', 'workqueue', 'recreate', /its 0 messages/],
    ['storage', 'memory', 'recreate', /its 0 messages/],
    ['persist_mode', 'async', 'recreate', /its 0 messages/],
    ['allow_msg_ttl', true, 'recreate', /its 0 messages/],
    ['allow_rollup_hdrs', true, 'update', null],
    ['deny_delete', false, 'update', null],
    ['sealed', true, 'recreate', /its 0 messages/],
    ['republish', { src: '>', dest: 'copy.>' }, 'update', null],
    ['sources', [{ name: 'elsewhere' }], 'update', /from other streams/],
    ['metadata', { owner: 'somebody' }, 'update', null],
  ])('%s %j on the server: %s', (setting, actual, action, loses) => {
    const plan = planChanges(topology, serverWith('events', withSetting(setting, actual)));
    const [change] = plan;
    expect(change).toMatchObject({ action, stream: 'events', differences: [{ setting }] });
    expect(change?.losses.join()).toMatch(loses ?? /^$/);
    expect(plan).toHaveLength(action === 'recreate' ? 3 : 1);
  });

  test.each<[setting: string, actual: unknown, action: Change['action'], loses: RegExp | null]>([
    ['ack_wait', 30_000_000_000, 'update', null],
    ['max_ack_pending', 1, 'update', null],
    ['max_deliver', 5, 'update', null],
    ['filter_subjects', ['longwave.v1.events.>'], 'update', /has not had yet/],
    ['filter_subjects', undefined, 'update', /has not had yet/],
    ['inactive_threshold', 1_000_000_000, 'update', null],
    ['mem_storage', true, 'update', null],
    ['headers_only', true, 'update', null],
    ['ack_policy', 'none', 'recreate', /its position/],
    ['deliver_policy', 'new', 'recreate', /its position/],
    ['max_waiting', 16, 'recreate', /its position/],
    ['deliver_subject', 'push.here', 'recreate', /its position/],
  ])('%s %j of a consumer on the server: %s', (setting, actual, action, loses) => {
    const plan = planChanges(topology, serverWith('events', withConsumerSetting('resolver', setting, actual)));
    expect(plan).toMatchObject([{ action, stream: 'events', consumer: 'resolver', differences: [{ setting }] }]);
    expect(plan[0]?.losses.join()).toMatch(loses ?? /^$/);
  });

  test('a consumer that is given less to see loses what it has not seen', () => {
    const narrower: Topology = {
      streams: topology.streams.map((stream) => ({
        ...stream,
        consumers: stream.consumers.map((one) => ({ ...one, filter_subjects: stream.subjects, max_deliver: 3 })),
      })),
    };
    const changes = planChanges(narrower, serverWith('events', withConsumerSetting('audit-log', 'x', undefined)));
    const auditLog = changes.find(({ stream, consumer }) => stream === 'events' && consumer === 'audit-log');
    expect(auditLog?.losses).toEqual([
      'messages on > that it has not had yet',
      'messages that were delivered that often',
    ]);
  });

  test.each([
    ['first_seq', 1_000],
    ['compression', 'none'],
    ['mirror_direct', false],
    ['consumer_limits', {}],
    ['metadata', { '_nats.level': '4' }],
  ])('%s %j is what a server adds, and no difference (S4)', (setting, value) => {
    expect(planChanges(topology, serverWith('events', withSetting(setting, value)))).toEqual([]);
  });

  test('one filter says the same as a list of one (S4)', () => {
    const filter = 'longwave.v1.events.a.>';
    const single: Topology = {
      streams: topology.streams.map((stream) => ({
        ...stream,
        consumers: stream.consumers.map((one) =>
          one.name === 'resolver' ? { ...one, filter_subjects: [filter] } : one,
        ),
      })),
    };
    const server = serverWith('events', (stream) =>
      withConsumerSetting(
        'resolver',
        'filter_subject',
        filter,
      )(withConsumerSetting('resolver', 'filter_subjects', undefined)(stream)),
    );
    expect(planChanges(single, server)).toEqual([]);
  });

  test('a subject that moves is given up before it is taken', () => {
    const moved: Topology = {
      streams: topology.streams.map((stream) => {
        if (stream.name === 'dead-letter') return { ...stream, subjects: [...stream.subjects, 'program.>'] };
        return stream.name === 'program' ? { ...stream, subjects: ['program.planned.>'] } : stream;
      }),
    };
    const changes = planChanges(
      moved,
      serverWith('events', (stream) => stream),
    );
    expect(changes.map(({ action, stream }) => `${action} ${stream}`)).toEqual([
      'update program',
      'update dead-letter',
    ]);
  });
});

describe('for any server', () => {
  const edits = fc.array(
    fc.record({
      stream: fc.constantFrom(...topology.streams.map(({ name }) => name)),
      edit: fc.oneof(
        fc.constant('missing' as const),
        fc.constantFrom('resolver', 'audit-log').map((consumer) => ({ without: consumer })),
        fc.constantFrom<readonly [string, unknown]>(
          ['max_age', DAY],
          ['max_age', 365 * DAY],
          ['storage', 'memory'],
          ['subjects', ['elsewhere.>']],
          ['num_replicas', 3],
          ['retention', 'interest'],
          ['republish', { src: '>', dest: 'copy.>' }],
        ),
      ),
    }),
    { maxLength: 12 },
  );

  const servers = edits.map((list) => {
    let state = carryOutAll(nothing, planChanges(topology, nothing));
    for (const { stream: name, edit } of list) {
      const streams = state.streams.flatMap((stream): readonly ServerStream[] => {
        if (stream.name !== name) return [stream];
        if (edit === 'missing') return [];
        if ('without' in edit) {
          return [{ ...stream, consumers: stream.consumers.filter((one) => one.name !== edit.without) }];
        }
        return [withSetting(edit[0], edit[1])(stream)];
      });
      state = { ...state, streams };
    }
    return state;
  });

  test('a plan that was carried out leaves nothing to plan (S1)', () => {
    fc.assert(
      fc.property(servers, (server) => {
        const after = carryOutAll(server, planChanges(topology, server));
        expect(planChanges(topology, after)).toEqual([]);
      }),
    );
  });

  test('the order in which topology and server are listed changes nothing', () => {
    const shuffled = fc.tuple(
      servers,
      fc.shuffledSubarray([...topology.streams], { minLength: topology.streams.length }),
    );
    fc.assert(
      fc.property(shuffled, ([server, streams]) => {
        const reversed = { ...server, streams: server.streams.toReversed() };
        expect(planChanges({ streams }, reversed)).toEqual(planChanges(topology, server));
      }),
    );
  });

  test('streams may be changed in any order', () => {
    const names = topology.streams.map(({ name }) => name);
    fc.assert(
      fc.property(servers, fc.shuffledSubarray(names, { minLength: names.length }), (server, order) => {
        const changes = planChanges(topology, server);
        const reordered = order.flatMap((name) => changes.filter(({ stream }) => stream === name));
        expect(planChanges(topology, carryOutAll(server, reordered))).toEqual([]);
      }),
    );
  });

  test('what the topology does not name is left alone (S3)', () => {
    const stranger: ServerStream = { name: 'theirs', subjects: ['theirs.>'], config: {}, messages: 5, consumers: [] };
    fc.assert(
      fc.property(servers, (server) => {
        const changes = planChanges(topology, { ...server, streams: [...server.streams, stranger] });
        expect(changes.some(({ stream }) => stream === 'theirs')).toBe(false);
      }),
    );
  });

  test('a stream that is recreated, and only that, gets all its consumers again', () => {
    fc.assert(
      fc.property(servers, (server) => {
        const changes = planChanges(topology, server);
        for (const { name, consumers } of topology.streams) {
          const own = changes.filter(({ stream }) => stream === name);
          if (!own.some(({ action }) => action === 'recreate')) continue;
          expect(own.filter(({ action }) => action === 'create')).toHaveLength(consumers.length);
        }
      }),
    );
  });
});
