import { request } from 'node:http';
import { connect, type Socket } from 'node:net';

export type Answer = { status: number; headers: Record<string, string>; body: string };

export type RawSocket = {
  socket: Socket;
  /** The first complete answer with a Content-Length; rejects when the connection closes before. */
  answer: Promise<Answer>;
  /** Resolves when either side has closed the connection. */
  closed: Promise<void>;
};

/** Opens a socket to the server for sending any bytes. */
export async function rawSocket(port: number): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, answer: answerOn(socket), closed };
}

function answerOn(socket: Socket): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = '';
    const incomplete = () =>
      reject(new Error(`The connection closed after: ${JSON.stringify(text)}`));
    socket.on('error', incomplete);
    socket.on('close', incomplete);
    socket.on('data', (data) => {
      text += data.toString('latin1');
      const answer = parse(text.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, ''));
      if (answer) resolve(answer);
    });
  });
}

function parse(text: string): Answer | undefined {
  const [, head = '', rest = ''] = /^([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(text) ?? [];
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const length = Number(headers['content-length'] ?? Number.NaN);
  if (!(rest.length >= length)) return undefined;
  const body = Buffer.from(rest.slice(0, length), 'latin1').toString();
  return { status: Number(statusLine.split(' ')[1]), headers, body };
}

/** POSTs a body as it is, with these headers, and keeps the connection open for the next request. */
export function post(
  url: string,
  headers: Record<string, string>,
  body: Uint8Array,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: { 'Content-Length': String(body.length), ...headers },
    });
    sent.on('error', reject);
    sent.on('response', async (response) => {
      const pieces = await response.toArray();
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers as Record<string, string>,
        body: Buffer.concat(pieces).toString(),
      });
    });
    sent.end(body);
  });
}
