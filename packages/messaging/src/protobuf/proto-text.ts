// A payload as the .proto that defines it, made from descriptors: what documents show to those who have no code of ours.
// Comments, options and reserved numbers are not in it; services and extensions are no part of a payload.
import type { DescEnum, DescField, DescFile, DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';

const TIMESTAMP = 'google/protobuf/timestamp.proto';

/** The payload of a message whose data is `desc`: the envelope of `message.proto`, and every type that it needs. */
export function payloadText(desc: DescMessage): string {
  const fields = ['uint32 version = 1;', 'google.protobuf.Timestamp created_at = 2;', `${desc.name} data = 3;`];
  const envelope = [`message ${desc.name}Message {`, ...fields.map((field) => `  ${field}`), '}'].join('\n');
  return `${protoText(desc, [TIMESTAMP])}\n\n${envelope}`;
}

/** The definition of `desc`, with every type of its file that it uses, in proto3. `imported`: what else is imported. */
export function protoText(desc: DescMessage, imported: readonly string[] = []): string {
  const used = [...typesOf(desc)];
  const others = used.map(({ file }) => file).filter((file) => file !== desc.file);
  const imports = [...new Set([...others.map(importPathOf), ...imported])].toSorted();
  const own = used.filter(({ file, parent }) => file === desc.file && parent === undefined);
  const blocks = [
    'syntax = "proto3";',
    desc.file.proto.package === '' ? '' : `package ${desc.file.proto.package};`,
    imports.map((path) => `import "${path}";`).join('\n'),
    ...own.map((type) => (type.kind === 'enum' ? enumText(type, '') : messageText(type, ''))),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** The message, and what its fields need, each once. */
function typesOf(desc: DescMessage, found = new Set<DescMessage | DescEnum>()): Set<DescMessage | DescEnum> {
  if (found.has(desc)) return found;
  found.add(desc);
  for (const field of desc.fields) {
    const type = typeOf(field);
    // What others define is imported, with all that it needs.
    if (type?.kind === 'message' && type.file === desc.file) typesOf(type, found);
    else if (type !== undefined) found.add(type);
  }
  return found;
}

function typeOf(field: DescField): DescMessage | DescEnum | undefined {
  if (field.fieldKind === 'map' || field.fieldKind === 'list') return field.message ?? field.enum;
  return field.message ?? field.enum;
}

function importPathOf({ name }: DescFile): string {
  return `${name}.proto`;
}

function messageText(desc: DescMessage, indent: string): string {
  const inner = `${indent}  `;
  const nested = [
    ...desc.nestedEnums.map((type) => enumText(type, inner)),
    ...desc.nestedMessages.map((type) => messageText(type, inner)),
  ];
  const members = desc.members.map((member) =>
    member.kind === 'oneof'
      ? `${inner}oneof ${member.name} {\n${member.fields.map((field) => `${inner}  ${fieldText(field)}`).join('\n')}\n${inner}}`
      : `${inner}${fieldText(member)}`,
  );
  return [`${indent}message ${desc.name} {`, ...nested, ...members, `${indent}}`].join('\n');
}

function enumText(desc: DescEnum, indent: string): string {
  const values = desc.values.map(({ name, number }) => `${indent}  ${name} = ${number};`);
  return [`${indent}enum ${desc.name} {`, ...values, `${indent}}`].join('\n');
}

function fieldText(field: DescField): string {
  return `${labelOf(field)}${fieldTypeOf(field)} ${field.name} = ${field.number};`;
}

function labelOf(field: DescField): string {
  if (field.fieldKind === 'list') return 'repeated ';
  return field.proto.proto3Optional ? 'optional ' : '';
}

function fieldTypeOf(field: DescField): string {
  if (field.fieldKind === 'map') return `map<${scalarName(field.mapKey)}, ${valueTypeOf(field)}>`;
  return valueTypeOf(field);
}

function valueTypeOf(field: DescField): string {
  const type = typeOf(field);
  if (type !== undefined)
    return type.file === field.parent.file ? type.typeName.slice(packagePrefix(type)) : type.typeName;
  return field.scalar === undefined ? 'bytes' : scalarName(field.scalar);
}

function packagePrefix({ file }: DescMessage | DescEnum): number {
  return file.proto.package === '' ? 0 : file.proto.package.length + 1;
}

/** `ScalarType.SINT32` is `sint32`. */
function scalarName(type: ScalarType): string {
  return ScalarType[type].toLowerCase();
}
