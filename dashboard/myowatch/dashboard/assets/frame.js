// Parse a frame: [u32 length][JSON head][float32: for each stream its minima, then its maxima].
export function readFrame(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  for (const stream of head.streams) {
    const n = stream.n_bins;
    stream.low = new Float32Array(buffer, at, n);
    stream.high = new Float32Array(buffer, at + 4 * n, n);
    at += 8 * n;
  }
  return head;
}
