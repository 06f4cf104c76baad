// T3: templates put subjects together and take them apart, and nothing else does.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty } from '../../test/support/check-property.ts';
import { checkName } from './name.ts';
import { SUBJECT_BYTES_MAX, subjectTemplate } from './subject.ts';

const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
const template = subjectTemplate('resource.steering.{type}.{id}.created');

describe('a subject template', () => {
  test('T3: gives back exactly the parameters that a subject was built from', () => {
    checkProperty([id, id], (type, name) => {
      const subject = template.build({ type, id: name });
      expect(subject.split('.')).toHaveLength(5);
      expect(template.match(subject)).toEqual({ type, id: name });
      expect(template.covers(subject)).toBe(true);
    });
  });

  test.each([
    'resource.steering.show.1',
    'resource.steering.show.1.created.x',
    'resource.steering.show.1.deleted',
    'resource.steering.show..created',
    'resource.steering.show.%41.created',
    'resource.steering.show.%FF.created',
    'resource.steering.show.*.created',
    '',
  ])('T3: says of %j that it is none of its own, and does not throw', (subject) => {
    expect(template.match(subject)).toBeNull();
    expect(template.covers(subject)).toBe(false);
  });

  test('T3: has a filter that takes its subjects', () => {
    expect(template.filter).toBe('resource.steering.*.*.created');
  });

  test('T3: a parameter has one place, so that no subject has two values for it', () => {
    expect(() => subjectTemplate('a.{id}.{id}')).toThrow(TypeError);
  });

  test('a subject has at most 255 bytes', () => {
    const short = subjectTemplate('a.{id}');
    expect(short.build({ id: 'x'.repeat(SUBJECT_BYTES_MAX - 2) })).toHaveLength(SUBJECT_BYTES_MAX);
    expect(() => short.build({ id: 'x'.repeat(SUBJECT_BYTES_MAX - 1) })).toThrow(
      expect.objectContaining({ code: 'subject-too-long' }),
    );
    expect(() => short.build({ id: '.'.repeat(85) })).toThrow(expect.objectContaining({ code: 'subject-too-long' }));
  });

  test.each(['', 'a..b', 'a.*', 'a.>', 'a. b', 'a.{}', 'a.{1x}', 'a.x{id}', 'é'])('%j is no template', (text) => {
    expect(() => subjectTemplate(text)).toThrow(TypeError);
  });
});

describe('the name of a stream, a consumer or a queue group', () => {
  test.each(['a', 'audit-log', 'A_1', 'x'.repeat(64)])('%j is one', (name) => expect(checkName(name)).toBe(name));

  test.each(['', 'x'.repeat(65), 'a.b', 'a b', 'p%2Eq', '*', '>', 'a\r\nb', 'a\n', 'a\u0000', 'é'])(
    '%j is none',
    (name) => {
      expect(() => checkName(name)).toThrow(expect.objectContaining({ code: 'illegal-name' }));
    },
  );
});
