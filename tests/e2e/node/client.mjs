// One request from end to end with nothing but the .proto files and the public gRPC packages.
// Usage: node client.mjs <host:port> <folder of .proto files>. Prints one line of JSON for each step.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [address, protos] = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));
const loaded = loader.loadSync(
  ['routing', 'agent', 'event'].map((name) => `routing/v1/${name}_service.proto`).concat('error_details.proto'),
  { includeDirs: [protos, here], keepCase: true, longs: String, enums: String, oneofs: true },
);
const { routing: { v1 } } = grpc.loadPackageDefinition(loaded);
const credentials = grpc.credentials.createInsecure();
const routing = new v1.RoutingService(address, credentials);
const agents = new v1.AgentService(address, credentials);
const events = new v1.EventService(address, credentials);

const desk = 'default';
const agent_id = 'node-agent';
const consumer = 'node-ledger';

const tell = (step, seen) => console.log(JSON.stringify({ step, ...seen }));

const call = (client, method, request) =>
  promisify(client[method]).call(client, { desk, ...request }, { deadline: Date.now() + 10_000 });

/** The messages of a stream one by one; throws what ends it early. */
const messagesOf = (stream) => stream[Symbol.asyncIterator]();

/** Read until a message is what is looked for; returns what `find` made of it. */
const until = async (messages, find) => {
  for (;;) {
    const { value, done } = await messages.next();
    if (done) throw new Error('the stream ended early');
    const found = find(value);
    if (found) return found;
  }
};

/** The stable reason of an error, as any client can read it from the trailer. */
const infoOf = (error) => {
  const [raw] = error.metadata.get('grpc-status-details-bin');
  const { details } = loaded['google.rpc.Status'].deserialize(raw);
  const packed = details.find((detail) => detail.type_url.endsWith('google.rpc.ErrorInfo'));
  return loaded['google.rpc.ErrorInfo'].deserialize(packed.value);
};

const opened = (labels) => ({
  event: {
    event_id: randomUUID(),
    kind: 'REQUEST_KIND_OPENED',
    channel: 'phone',
    customer_id: 'c-1001',
    labels,
    text: 'The printer on the third floor is out of order.',
  },
});
const texts = (labels) =>
  Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, { text }]));

const badInput = async () => {
  const before = opened(texts({ no_such_label: 'x' }));
  const refused = await call(routing, 'Submit', before).then(() => null, (error) => error);
  const { reason, domain, metadata } = infoOf(refused);
  tell('refused', { code: grpc.status[refused.code], message: refused.details, reason, domain, metadata });
};

const watchFrom = (request) => {
  const stream = events.Watch({ desk, consumer, ...request });
  return { stream, messages: messagesOf(stream) };
};

/** Leave a stream on purpose: the cancellation is ours and no failure. */
const leave = async (stream) => {
  stream.on('error', () => {});
  stream.cancel();
  if (!stream.closed) await once(stream, 'close').catch(() => {});
};

const signIn = async () => {
  const agent = { id: agent_id, display_name: 'Node', queues: ['group-7'], capacity: 1 };
  await call(agents, 'PutAgents', { request_id: randomUUID(), agents: [agent] });
  const stream = agents.Work();
  const messages = messagesOf(stream);
  stream.write({ desk, hello: { agent_id, presence: 'PRESENCE_AVAILABLE' } });
  const { epoch, lease_duration } = await until(messages, (message) => message.leased);
  tell('leased', { epoch, lease_seconds: Number(lease_duration.seconds) });
  return { stream, messages };
};

const submit = async () => {
  const event = opened(texts({ impact: 'high', urgency: 'high', assignment_group: 'group-7' }));
  const { result } = await call(routing, 'Submit', event);
  const { item_id, number, queue, priority, promises } = result;
  tell('submitted', { item_id, number, queue, priority, promises: promises.map((each) => each.clock) });
  const { result: again } = await call(routing, 'Submit', event);
  tell('submitted_again', { item_id: again.item_id, replayed: again.replayed });
  return item_id;
};

const accept = async (work) => {
  const { offer, item } = await until(work.messages, (message) => message.offer_made);
  tell('offered', { item_id: offer.item_id, state: item.state, agent_id: offer.agent_id });
  const request_id = randomUUID();
  work.stream.write({ desk, request_id, accept: { offer_id: offer.id, version: offer.version } });
  const answer = await until(work.messages, (message) => message.answer_result);
  tell('accepted', {
    item_id: answer.done?.item?.id,
    owner: answer.done?.item?.owner,
    answers: answer.request_id === request_id,
  });
};

const finish = async (work, item_id) => {
  const request_id = randomUUID();
  work.stream.write({ desk, request_id, complete: { item_id } });
  const answer = await until(work.messages, (message) => message.answer_result);
  tell('completed', { outcome: answer.outcome, answers: answer.request_id === request_id });
  work.stream.end();
  await until(work.messages, () => false).catch(() => {});
  const report = { request_id: randomUUID(), item_id, kind: 'REPORT_KIND_RESOLVED' };
  const { item } = await call(routing, 'Report', report);
  const met = item.clocks.filter((clock) => clock.state === 'CLOCK_STATE_MET').map((clock) => clock.name);
  tell('resolved', { item_id: item.id, state: item.state, met });
};

/** Follow the item to its solution, then acknowledge that far. */
const follow = async (watch, item_id) => {
  const kinds = [];
  const cursor = await until(watch.messages, (message) => {
    for (const event of message.events) {
      const body = event[event.body];
      kinds.push(event.body);
      const solved = body.item_id === item_id && body.state === 'ITEM_STATE_RESOLVED';
      if (solved) return event.cursor;
    }
    return null;
  });
  await call(events, 'Ack', { consumer, cursor });
  await leave(watch.stream);
  tell('followed', { kinds: [...new Set(kinds)] });
};

/** The consumer comes back by its name alone and goes on where it acknowledged. */
const resume = async () => {
  const { result } = await call(routing, 'Submit', opened(texts({ impact: 'low', urgency: 'low' })));
  const watch = watchFrom({});
  const seen = [];
  await until(watch.messages, (message) => {
    seen.push(...message.events.filter((event) => event.body === 'item_opened'));
    return seen.length > 0;
  });
  await leave(watch.stream);
  tell('resumed', { item_id: result.item_id, opened: seen.map((event) => event.item_opened.item_id) });
};

await badInput();
const watch = watchFrom({ include_snapshot: true });
await until(watch.messages, (message) => message.snapshot_complete);
tell('watching', {});
const work = await signIn();
const item_id = await submit();
await accept(work);
await finish(work, item_id);
await follow(watch, item_id);
await resume();
for (const client of [routing, agents, events]) client.close();
tell('done', {});
