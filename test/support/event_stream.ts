import { assertSchema } from './contract.ts';
import type { JobStatus } from './service.ts';

const jobStatus = { $ref: '#/components/schemas/JobStatus' };

export type StreamEvent = { id: number; data: JobStatus };

/** The events of a stream as they come; comments go to `onComment`. Ends when the stream ends. */
export async function* eventsOf(
  response: Response,
  onComment: (text: string) => void = () => {},
): AsyncGenerator<StreamEvent> {
  if (!response.body) return;
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) {
        onComment(block);
        continue;
      }
      const fields = Object.fromEntries(
        block.split('\n').map((line) => {
          const [name = '', ...value] = line.split(': ');
          return [name, value.join(': ')];
        }),
      );
      const data = JSON.parse(fields.data ?? '');
      assertSchema(jobStatus, data, 'an event');
      yield { id: Number(fields.id), data };
    }
  }
}

/** All events until the end of the stream. */
export async function allEvents(response: Response): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}
