import { Agent, request } from 'node:http';

export const agent = new Agent({ keepAlive: true });

/** Milliseconds from the first byte sent to the last received. */
export function timed(url: string, body?: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = request(
      url,
      { agent, method: body === undefined ? 'GET' : 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        response.resume().once('end', () => {
          if (response.statusCode! < 300) resolve(performance.now() - started);
          else reject(new Error(`${url} answered ${response.statusCode}`));
        });
      },
    );
    sent.once('error', reject).end(body);
  });
}
