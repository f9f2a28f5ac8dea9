import type { Config } from '../../config.ts';

export type PageConfig = Pick<Config & { publicUrl: string }, 'publicUrl' | 's3Public' | 'bucket'>;

/**
 * What a browser may do on our pages: run our scripts and styles, talk to this service, show its
 * media and files that were just chosen. Nothing inline, nothing from elsewhere.
 *
 * @param framedBy who may show the page in a frame: nobody, or anybody for the embedded player
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

/** Where videos are served from when not from here. */
export const bucketOrigin = ({ s3Public, bucket }: PageConfig): string | undefined =>
  s3Public === 'presign' && bucket ? new URL(bucket.endpoint).origin : undefined;

/** The path below which the service lies on its host: '' or like '/vidgen'. */
export const basePath = (publicUrl: string): string =>
  new URL(publicUrl).pathname.replace(/\/+$/, '');
