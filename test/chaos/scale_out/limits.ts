import type { Place } from '../random/host.ts';

/**
 * One client exceeds its limits, many requests at once, through all API processes in turn. Returns how many
 * requests pass (of the limit plus 60) and how many submissions (of their limit plus 9).
 */
export async function passedLimits(
  webs: Place[],
  limits: { requests: number; submissions: number },
): Promise<{ requests: number; submissions: number }> {
  const passed = async (count: number, path: string, method: string, ip: string) => {
    // Requests are counted before the key is looked up, so none is needed.
    const statuses: number[] = [];
    let n = 0;
    const lane = async () => {
      while (n < count) {
        const { url } = webs[n++ % webs.length] as Place;
        const response = await fetch(url + path, { method, headers: { 'X-Test-Ip': ip } });
        await response.arrayBuffer();
        statuses.push(response.status);
      }
    };
    await Promise.all(Array.from({ length: 8 * webs.length }, lane));
    const strange = statuses.filter((status) => status !== 401 && status !== 429);
    if (strange.length > 0) throw new Error(`${method} ${path} was answered with ${strange[0]}.`);
    return statuses.filter((status) => status === 401).length;
  };
  return {
    requests: await passed(limits.requests + 60, '/api/jobs', 'GET', '10.9.0.1'),
    submissions: await passed(limits.submissions + 9, '/api/jobs', 'POST', '10.9.0.2'),
  };
}
