import { AnswerReader } from './answer-reader.ts';

const created =
  'HTTP/1.1 201 Created\r\nLOCATION: http://x/Observation/1\r\nContent-Length: 4\r\nETag: W/"1"\r\n\r\n{"a"';
const refused = 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n';
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';

test.each([
  [created, { status: 201, location: 'http://x/Observation/1', retryAfter: undefined }],
  [refused, { status: 503, location: undefined, retryAfter: '2' }],
  [chunked, { status: 200, location: undefined, retryAfter: undefined }],
])('an answer is read once all of it is there, in whatever pieces it came: %j', (text, expected) => {
  for (const size of [1, 7, text.length]) {
    const reader = new AnswerReader();
    const answers = [];
    for (let at = 0; at < text.length; at += size) {
      const answer = reader.take(Buffer.from(text.slice(at, at + size)));
      if (answer) answers.push([answer, at + size >= text.length]);
    }
    expect(answers).toEqual([[expected, true]]);
  }
});

test('the answer after another is read by itself', () => {
  const reader = new AnswerReader();
  expect(reader.take(Buffer.from(created))?.status).toBe(201);
  expect(reader.take(Buffer.from(refused))?.status).toBe(503);
});
