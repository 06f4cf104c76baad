// From "some message" to "one of this type": what a handler asks, and the compiler learns.
import type { Message } from './decode.ts';
import type { EventType } from './message-type.ts';

/** Whether `message` was read as one of `type`, so that its data is of that type. */
export function isMessageOf<Data>(type: EventType<Data, never>, message: Message): message is Message<Data> {
  return message.type === type;
}
