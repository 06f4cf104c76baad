// A value while it is put together: what is absent is then no property at all, and assigning what is there costs a tenth
// of spreading an object for each property that may be.
export type Writable<Value> = { -readonly [Name in keyof Value]: Value[Name] };
