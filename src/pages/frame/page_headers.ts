import type { Config } from '../../config.ts';

export type PageConfig = Pick<Config & { publicUrl: string }, 'publicUrl' | 's3Public' | 'bucket'>;

/**
 * What a browser may do on our pages: run our scripts and styles, talk to this service, and show its media and
 * files that the visitor chose. Nothing inline, and nothing from other hosts.
 *
 * @param framedBy who may frame the page: nobody, or everybody for the embedded player
 */
export function pageHeaders(
  config: PageConfig,
  framedBy: "'none'" | '*' = "'none'",
): Record<string, string> {
  const { origin } = new URL(config.publicUrl);
  const media = ["'self'", 'blob:', origin, bucketOrigin(config)].filter(Boolean);
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': `'self' blob: ${origin}`,
    'media-src': media.join(' '),
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': framedBy,
  };
  return {
    'Content-Security-Policy': Object.entries(policy)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'X-Content-Type-Options': 'nosniff',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  };
}

/** The origin that serves the videos, when it is not this service. */
export const bucketOrigin = ({ s3Public, bucket }: PageConfig): string | undefined =>
  s3Public === 'presign' && bucket ? new URL(bucket.endpoint).origin : undefined;

/** The path of PUBLIC_URL: '' or, for example, '/vidgen'. */
export const basePath = (publicUrl: string): string =>
  new URL(publicUrl).pathname.replace(/\/+$/, '');
