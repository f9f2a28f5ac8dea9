import { type CallToolResult, McpServer, type ServerContext } from '@modelcontextprotocol/server';
import project from '../../package.json' with { type: 'json' };
import type { Backend, Waiting } from './backend.ts';
import { inputsOf } from './inputs.ts';
import { listSummary, summaryOf } from './summary.ts';
import { targetFindings, targetRules } from './target_rules.ts';

const instructions = `VidGen makes a video (MP4) of one picture and one audio file. Call make_video; it waits for the video. One job runs at a time.`;

/** The tools for agents, whatever makes the videos. */
export function createMcpServer(backend: Backend): McpServer {
  const server = new McpServer({ name: 'vidgen', version: project.version }, { instructions });
  const inputs = inputsOf(backend.hasPaths);
  const { jobs } = backend;

  server.registerTool(
    'make_video',
    {
      title: 'Make a video',
      description:
        'Makes a video of a picture and an audio file, as long as the audio, and waits for it. With target, it is made for that place and checked against its rules.',
      inputSchema: inputs.makeVideo,
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
    },
    async ({ waitSeconds, ...video }, context) => {
      const made = await backend.makeVideo(video, waiting(waitSeconds, context));
      return result(summaryOf(made), 'job' in made && made.job.status === 'FAILED');
    },
  );
  server.registerTool(
    'check_target',
    {
      title: 'Rules of a place',
      description:
        'Tells what a place to publish at asks of a video; with a jobId, whether the video of that job has it.',
      inputSchema: inputs.checkTarget,
      annotations: { readOnlyHint: true },
    },
    async ({ target, jobId }, context) => {
      if (jobId === undefined) return result(targetRules(target));
      if (!jobs) throw new Error('There are no jobs here: leave jobId out.');
      const { job } = await jobs.get(jobId, waiting(0, context));
      return result(targetFindings(target, job));
    },
  );
  if (!jobs) return server;

  server.registerTool(
    'get_job',
    {
      title: 'Get a job',
      description:
        'Tells how a job is doing, and its video when it is COMPLETED. Can wait for that.',
      inputSchema: inputs.getJob,
      annotations: { readOnlyHint: true },
    },
    async ({ jobId, output, waitSeconds }, context) =>
      result(summaryOf(await jobs.get(jobId, waiting(waitSeconds, context), output))),
  );
  server.registerTool(
    'list_jobs',
    {
      title: 'List jobs',
      description: 'Lists the jobs of this API key, newest first.',
      inputSchema: inputs.listJobs,
      annotations: { readOnlyHint: true },
    },
    async (query) => result(listSummary(await jobs.list(query))),
  );
  return server;
}

const result = (value: Record<string, unknown>, isError = false): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(value) }],
  ...(isError && { isError }),
});

/** Only a client that asked for progress is told about it. */
function waiting(seconds: number, { mcpReq }: ServerContext): Waiting {
  const progressToken = mcpReq._meta?.progressToken;
  let told = -1;
  return {
    seconds,
    signal: mcpReq.signal,
    onProgress(percent, what) {
      // The protocol demands that it increases.
      if (progressToken === undefined || percent <= told) return;
      told = percent;
      void mcpReq
        .notify({
          method: 'notifications/progress',
          params: { progressToken, progress: percent, total: 100, message: what },
        })
        // The client has gone.
        .catch(() => {});
    },
  };
}
