// Idempotency keys: the same body sent again (the answer was lost, or somebody clicked twice) has the same key, so
// that it is done once; another body has another key, because a service refuses a key that it knows for other words.

/** A function that gives the key for a body. It remembers one body: the last. */
export function createRepeatableKey<Body>(newId: () => string): (body: Body) => string {
  let last: { readonly text: string; readonly key: string } | null = null;
  return (body) => {
    const text = JSON.stringify(body);
    if (last?.text !== text) last = { text, key: newId() };
    return last.key;
  };
}
