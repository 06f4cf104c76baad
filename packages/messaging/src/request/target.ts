// Who a message is for, and the subject that says so: the one place where these subjects are put together.
import { checkName } from '../contract/name.ts';
import type { TargetedType } from '../contract/targeted-type.ts';
import { subjectAt, type ReplyTo } from './reply-to.ts';

/** A service instance (one of its replicas, or all: they decide), one replica, or where a request came from. */
export type Target = { readonly instance: string } | { readonly replica: string } | { readonly replyTo: ReplyTo };

/** Throws SubjectError `illegal-name`, `illegal-reply-subject`. */
export function subjectFor<Input>(to: Target, type: TargetedType<Input>): string {
  if ('instance' in to) return serviceSubject(to.instance, type);
  if ('replica' in to) return `${replicaPrefix(to.replica)}.${type.protocol}.${type.name}`;
  return subjectAt(to.replyTo, type.name);
}

export function serviceSubject<Input>(instance: string, { protocol, name }: TargetedType<Input>): string {
  return `longwave.v1.service.${checkName(instance)}.${protocol}.${name}`;
}

/** What every subject of one replica starts with: `<prefix>.<protocol>.<type, or number of a request>`. */
export function replicaPrefix(replica: string): string {
  return `longwave.v1.replica.${checkName(replica)}`;
}
