import { messageTypes } from '@longwave/contracts';
import { expect, test } from '@jest/globals';
import { messageNameOf } from './message-name.ts';

test('every message type of the contracts has its name here', () => {
  for (const { name, subject } of messageTypes) {
    const example = subject.text.replaceAll(/\{[^}]+\}/g, 'x');
    expect([subject.text, messageNameOf(example)]).toEqual([subject.text, name]);
  }
});

test('a subject that no contract describes has no name', () => {
  for (const subject of ['', 'resource.a.b.c.renamed', 'resource.a.b.created', 'other.resource.a.b.c.created']) {
    expect(messageNameOf(subject)).toBeNull();
  }
});
