import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createMcpServer } from '../src/mcp/server.ts';
import type { Command } from './command.ts';
import { serviceFlags, serviceOf } from './service.ts';

export const mcp: Command = {
  summary: 'give agents the tools to make videos (Model Context Protocol)',
  help: `Usage: vidgen mcp [--url URL [--key KEY] | --local]

Speaks the Model Context Protocol on stdin and stdout, for an agent that starts it. The tools take files of this
machine by their paths.

--url    Where a service is (or VIDGEN_URL) that makes the videos. Without it they are made here, by ffmpeg alone.
--key    The API key for it. VIDGEN_API_KEY is better: other users of this machine can see command lines.
--local  Make them here although VIDGEN_URL is set.

docs/agents.md tells how to add it to an agent. A service offers the same tools at its address /mcp.`,
  options: serviceFlags,
  run: async ({ config, options }) => {
    const service = serviceOf(config, options);
    const backend = service
      ? (await import('./mcp_by_service.ts')).byService(service)
      : (await import('./mcp_here.ts')).here(config);
    const transport = new StdioServerTransport();
    const ended = Promise.withResolvers<number>();
    process.stdin.once('close', () => ended.resolve(0));
    process.stdin.once('end', () => ended.resolve(0));
    const handle = serveStdio(() => createMcpServer(backend), { transport });
    const status = await ended.promise;
    await handle.close();
    return status;
  },
};
