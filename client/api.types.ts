// Generated from openapi.json by "npm run generate". Do not edit.
export interface paths {
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health check
         * @description Liveness probe. Returns `200 OK` when the API process is up. No authentication required.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a webhook catcher
         * @description Get a temporary `webhookUrl` on this service. It catches the webhooks of your own jobs for an hour, so you can try them without a receiver.
         */
        post: operations["openCatcher"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hooks/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List caught webhooks
         * @description List the webhooks that one of your catchers received, including their headers.
         */
        get: operations["listCaught"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your jobs
         * @description List your jobs in reverse chronological order. Cursor-paginated. Filter by your own metadata with `metadata.KEY=VALUE`, such as `metadata.orderId=17`.
         */
        get: operations["listJobs"];
        put?: never;
        /**
         * Submit a job
         * @description Submit a new video generation job. Send a `multipart/form-data` request with two files: an image and an audio track. Optionally include a `webhookUrl` to be notified when the job finishes. Instead of a file you can send the address that it is fetched from, in the form or as JSON: `imageUrl`, `audioUrl`, `captionsUrl`.
         */
        post: operations["createJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a job
         * @description The job as in the list, plus its options, its place in the queue and the time it still needs, its attempts, what was seen of your files, the finished video with its size and hash, warnings, the checks of its target, and links. The `Location` header of a new job leads here.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /**
         * Cancel a job
         * @description Cancel a job. Only works while the job is still in `PENDING` state — once a worker picks it up, it can no longer be cancelled, unless you pass `force=true`.
         */
        delete: operations["cancelJob"];
        options?: never;
        head?: never;
        /**
         * End sharing
         * @description Decide until when the share page and the addresses of the video work. A time in the past ends it at once, a later one or `null` opens them again, until the video expires. Meanwhile they answer 410, and `outputVideo` and `outputShareLink` are null. It can be set before the video is ready. Copies in caches end at the time that they were told; if you set an earlier one, at most ten minutes after it.
         */
        patch: operations["updateJob"];
        trace?: never;
    };
    "/api/jobs/{jobId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream job events
         * @description Follow a job live over Server-Sent Events: the current status first, then every change of status or progress as it happens. The data of each event is the full `/api/status/:jobId` response. The stream ends after `COMPLETED`, `FAILED` or `CANCELLED`.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{jobId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a job
         * @description Make a `FAILED` or `CANCELLED` job again without uploading its files again. The response has the id of a new job; the old one stays as it is. You may send options (JSON, or a form) that replace those of the job; its other options, metadata and `webhookUrl` stay. The files move to the new job, so a job can be retried once, and only until they expire.
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{jobId}/video": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a video
         * @description Take a finished video down before it expires: its file, poster, captions and share page are gone for everybody, and no longer count as stored. The job stays in your list without `outputVideo` and `outputShareLink`. Deleting it twice is no error. Copies in caches can live for ten more minutes.
         */
        delete: operations["deleteVideo"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{jobId}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Webhook delivery log
         * @description Every attempt to deliver a job's webhook: when it was sent, how long it took, and what your endpoint returned.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{jobId}/webhooks/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redeliver a webhook
         * @description Send a finished job's webhook again right away, with the same body and `webhook-id`. If delivery fails, it is retried like the first time.
         */
        post: operations["redeliverWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Readiness check
         * @description Readiness probe. Returns `200 OK` when the database is reachable and its schema is up to date. No authentication required.
         */
        get: operations["getReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/status/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get job status
         * @description Fetch the current status of a single job, including progress (0–100) when actively processing. Pass `wait` to hold the response until the status changes.
         */
        get: operations["getJobStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List targets
         * @description The places that the option `target` knows: the options each sets, the rules that videos are checked against, and where each rule was read. No authentication required.
         */
        get: operations["listTargets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    jobEnded: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A job completed or failed
         * @description Sent to the `webhookUrl` of a job when it completes or fails. Any `2xx` response counts as delivered; anything else is retried for about a day, except 410, which stops retries.
         */
        post: operations["jobEnded"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        Catcher: {
            /**
             * Format: date-time
             * @description One hour after the catcher was last opened.
             * @example 2026-05-07T13:34:56.000Z
             */
            expiresAt: string;
            /** @example 3CeK9vYp0aXnTq5RZbW1Ls */
            token: string;
            /**
             * Format: uri
             * @description Use this as the `webhookUrl` of your jobs.
             * @example https://example.com/hooks/3CeK9vYp0aXnTq5RZbW1Ls
             */
            url: string;
        };
        CaughtList: {
            /**
             * Format: date-time
             * @description One hour after the catcher was last opened.
             * @example 2026-05-07T13:34:56.000Z
             */
            expiresAt: string;
            /**
             * Format: uri
             * @example https://example.com/hooks/3CeK9vYp0aXnTq5RZbW1Ls
             */
            url: string;
            /** @description Newest first. */
            webhooks: {
                /**
                 * @description The raw body, exactly as signed.
                 * @example {"jobId":"clxxxxx0000abcd1234efgh56","status":"COMPLETED","progress":100,"outputVideo":"https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4","outputShareLink":"https://example.com/share/3q2-7wABAgMEBQYHCAkKCw","errorMessage":null,"createdAt":"2026-05-07T12:34:56.000Z","updatedAt":"2026-05-07T12:38:11.000Z"}
                 */
                body: string;
                /**
                 * @example {
                 *       "content-type": "application/json",
                 *       "webhook-id": "msg_clxxxxx0000abcd1234efgh56"
                 *     }
                 */
                headers: {
                    [key: string]: string;
                };
                /**
                 * @description Job id. Ids sort by creation time.
                 * @example clxxxxx0000abcd1234efgh56
                 */
                jobId: string;
                /**
                 * Format: date-time
                 * @description When the webhook was received.
                 * @example 2026-05-07T12:38:11.160Z
                 */
                receivedAt: string;
            }[];
        };
        ErrorResponse: {
            /**
             * @description With `active_job_exists`: the job that is still active.
             * @example clxxxxx0000abcd1234efgh56
             */
            activeJobId?: string;
            /**
             * @description Stable, machine-readable code for the problem, in snake_case.
             * @example api_key_missing
             */
            code: string;
            /**
             * Format: uri
             * @description Where this code is explained.
             * @example https://example.com/errors#api_key_missing
             */
            docs?: string;
            /**
             * @description Describes the problem and what to do about it.
             * @example Missing X-API-Key header. Send your API key in it.
             */
            error: string;
            /**
             * @description The field or parameter at fault.
             * @example webhookUrl
             */
            field?: string;
            /**
             * @description The `X-Request-Id` of this response.
             * @example 5f0c1a52-6c1e-4f0b-9d0a-8f5a2e1c7b34
             */
            requestId: string;
        };
        Health: {
            /**
             * @example ok
             * @constant
             */
            status: "ok";
        };
        Job: {
            attempts: {
                /** @example 1 */
                attempt: number;
                /** @example 2026-05-07T12:35:09.000Z */
                endedAt: string | null;
                /**
                 * @description How it ended; null while it is under way.
                 * @example completed
                 */
                outcome: ("completed" | "failed" | "cancelled" | "released" | "machine_failed" | "worker_died") | null;
                /**
                 * Format: date-time
                 * @description When a worker began.
                 * @example 2026-05-07T12:34:56.080Z
                 */
                startedAt: string;
            }[];
            /** @description With a target: the video compared with each of its rules. */
            checks: {
                /**
                 * @description What the video has.
                 * @example 3 min
                 */
                is: string;
                /**
                 * @description What to do about it; null if ok.
                 * @example Send a shorter audio file, or publish the video elsewhere.
                 */
                mend: string | null;
                /** @example false */
                ok: boolean;
                /**
                 * @description What is checked, such as length or `fileSize`.
                 * @example length
                 */
                rule: string;
                /**
                 * @description What the target asks for.
                 * @example 0.5 s to 2 min 20 s
                 */
                wanted: string;
            }[];
            /**
             * Format: date-time
             * @description When the job was created.
             * @example 2026-05-07T12:34:56.000Z
             */
            createdAt: string;
            /**
             * @description Why the job `FAILED` and what to do about it; otherwise null.
             * @example null
             */
            errorMessage: string | null;
            /**
             * @description An estimate from similar jobs on this service. Null once the job has ended, and while there are too few of them.
             * @example null
             */
            estimatedSecondsLeft: number | null;
            /** @description While `PENDING`: the files that are fetched from their addresses. Otherwise empty. */
            fetches: {
                /**
                 * @description Fetched so far.
                 * @example 1048576
                 */
                bytes: number;
                /** @enum {string} */
                field: "imageUrl" | "audioUrl" | "captionsUrl";
                /** @enum {string} */
                status: "waiting" | "fetching" | "fetched";
                /**
                 * @description As the server states it; null until it does.
                 * @example 2880417
                 */
                totalBytes: number | null;
            }[];
            /**
             * @description Job id. Ids sort by creation time.
             * @example clxxxxx0000abcd1234efgh56
             */
            id: string;
            /** @description What you sent, and what rendering found in it. */
            input: {
                /**
                 * @example {
                 *       "type": "audio/mpeg",
                 *       "bytes": 2880417,
                 *       "sha256": "1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c",
                 *       "codec": "mp3",
                 *       "sampleRate": 44100,
                 *       "channels": 2,
                 *       "seconds": 180.04,
                 *       "loudness": null,
                 *       "truePeak": null
                 *     }
                 */
                audio: {
                    /** @description Size in bytes. */
                    bytes: number;
                    channels: number | null;
                    codec: string | null;
                    /** @description Integrated loudness in LUFS (EBU R 128); null if it was not measured. */
                    loudness: number | null;
                    /** @description In hertz. */
                    sampleRate: number | null;
                    seconds: number | null;
                    /** @description SHA-256, hexadecimal. */
                    sha256: string;
                    /** @description True peak in dBTP; null if it was not measured. */
                    truePeak: number | null;
                    /** @description Media type, by the bytes. */
                    type: string;
                } | null;
                /** @example null */
                captions: {
                    /** @description Size in bytes. */
                    bytes: number;
                    /** @description SHA-256, hexadecimal. */
                    sha256: string;
                    /** @description Media type, by the bytes. */
                    type: string;
                } | null;
                /**
                 * @example {
                 *       "type": "image/jpeg",
                 *       "bytes": 482113,
                 *       "sha256": "9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f",
                 *       "width": 1600,
                 *       "height": 1200
                 *     }
                 */
                image: {
                    /** @description Size in bytes. */
                    bytes: number;
                    height: number | null;
                    /** @description SHA-256, hexadecimal. */
                    sha256: string;
                    /** @description Media type, by the bytes. */
                    type: string;
                    width: number | null;
                } | null;
            };
            links: {
                /**
                 * @description `DELETE` it. Null once the job has ended.
                 * @example null
                 */
                cancel: string | null;
                /**
                 * Format: uri
                 * @example https://example.com/#getJob
                 */
                docs: string;
                /**
                 * Format: uri
                 * @example https://example.com/api/jobs/clxxxxx0000abcd1234efgh56/events
                 */
                events: string;
                /**
                 * @description `POST` to it. Null unless `FAILED` or `CANCELLED`, and once its files are gone.
                 * @example null
                 */
                retry: string | null;
                /**
                 * @description The share page. Null until `COMPLETED`.
                 * @example https://example.com/share/3q2-7wABAgMEBQYHCAkKCw
                 */
                share: string | null;
                /**
                 * Format: uri
                 * @example https://example.com/api/status/clxxxxx0000abcd1234efgh56
                 */
                status: string;
                /**
                 * @description The delivery log. Null without a `webhookUrl`.
                 * @example null
                 */
                webhooks: string | null;
            };
            /**
             * @description Your own data: a JSON object of at most 20 strings, 2 KB in all. Returned with the job wherever it is shown, and in its webhook.
             * @example {
             *       "orderId": "17"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            /** @description The options that the job was submitted with, and no others. */
            options: {
                /**
                 * @description Artist: a tag of the file, and named on the share page.
                 * @example Ada Lovelace
                 */
                artist?: string;
                /**
                 * @description Shape of the video. `source` keeps the image's own. Default `source`.
                 * @default source
                 * @enum {string}
                 */
                aspectRatio?: "source" | "16:9" | "9:16" | "1:1" | "4:5";
                /**
                 * @description Color of the bars and behind transparent images: `#rrggbb`, or `auto` for the image's edge color. Default `#000000`; `#ffffff` behind transparent images.
                 * @example #1a2b3c
                 */
                background?: string;
                /**
                 * @description Language of the captions as a BCP 47 tag, such as `en` or `pt-BR`.
                 * @example en
                 */
                captionLanguage?: string;
                /**
                 * @description `track` adds captions that viewers can switch on and off, `burned` draws them into the picture, `both` does both. Default `track`.
                 * @default track
                 * @enum {string}
                 */
                captionStyle?: "track" | "burned" | "both";
                /**
                 * @description Description: a tag of the file, and the preview text of the share page.
                 * @example Notes on the Analytical Engine, read aloud.
                 */
                description?: string;
                /**
                 * @description How the image fills the shape: `contain` shows all of it with bars, `cover` crops from the center, `blur` shows all of it over a blurred copy. Default `contain`.
                 * @default contain
                 * @enum {string}
                 */
                fit?: "contain" | "cover" | "blur";
                /**
                 * @description Loudness of the sound in LUFS (EBU R 128), with true peaks of at most −1 dBTP. Default `keep`, which leaves it as it is.
                 * @default keep
                 */
                loudness?: "keep" | (-14 | -16 | -19 | -23);
                /**
                 * @description Slow camera movement over the image. Default `none`.
                 * @default none
                 * @enum {string}
                 */
                motion?: "none" | "zoom-in" | "zoom-out" | "pan-left" | "pan-right";
                /**
                 * @description Length of the shorter side. With `aspectRatio` `source`, images are never enlarged. Default `1080p`.
                 * @default 1080p
                 * @enum {string}
                 */
                resolution?: "1080p" | "720p" | "1440p" | "2160p";
                /**
                 * @description Where the video is to be published. Sets what the place asks for wherever you leave an option out, and checks the result against its rules. See [Targets](http://localhost:3000/#targets).
                 * @example x
                 * @enum {string}
                 */
                target?: "youtube" | "shorts" | "instagram" | "reels" | "tiktok" | "x" | "linkedin" | "facebook" | "spotify" | "whatsapp";
                /**
                 * @description Title: a tag of the file, and the title of the share page.
                 * @example Episode 17
                 */
                title?: string;
                /**
                 * @description Drawing of the sound: `bars` and `line` move with it, `progress` fills its whole shape as it plays. Default `none`.
                 * @default none
                 * @enum {string}
                 */
                waveform?: "none" | "bars" | "line" | "progress";
                /**
                 * @description Color of the waveform, `#rrggbb`. Default `#ffffff`.
                 * @default #ffffff
                 */
                waveformColor?: string;
                /**
                 * @description Where the waveform is drawn. Default `bottom`.
                 * @default bottom
                 * @enum {string}
                 */
                waveformPosition?: "bottom" | "center" | "top";
            };
            /**
             * @description The video. Null until `COMPLETED`, and when it has expired.
             * @example {
             *       "video": "https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4",
             *       "poster": "https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/poster.jpg",
             *       "captions": null,
             *       "shareLink": "https://example.com/share/3q2-7wABAgMEBQYHCAkKCw",
             *       "bytes": 8123456,
             *       "sha256": "4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e",
             *       "width": 960,
             *       "height": 720,
             *       "seconds": 180.04,
             *       "loudness": null,
             *       "truePeak": null,
             *       "realTimeFactor": 21.3,
             *       "expiresAt": "2026-06-06T12:35:09.000Z"
             *     }
             */
            output: {
                /** @description Size in bytes. */
                bytes: number;
                /** @description The captions as WebVTT. */
                captions: string | null;
                /**
                 * Format: date-time
                 * @description When the video will be removed.
                 * @example 2026-05-07T12:34:56.000Z
                 */
                expiresAt: string;
                height: number;
                /** @description Integrated loudness in LUFS (EBU R 128); null if it was not measured. */
                loudness: number | null;
                /** Format: uri */
                poster: string;
                /** @description Seconds of audio for each second of rendering. */
                realTimeFactor: number | null;
                seconds: number;
                /** @description SHA-256, hexadecimal. */
                sha256: string;
                /** Format: uri */
                shareLink: string;
                /** @description True peak in dBTP; null if it was not measured. */
                truePeak: number | null;
                /** Format: uri */
                video: string;
                width: number;
            } | null;
            /**
             * @description URL of a share page with a player. Null until `COMPLETED`, and again when the video has expired.
             * @example https://example.com/share/3q2-7wABAgMEBQYHCAkKCw
             */
            outputShareLink: string | null;
            /**
             * @description URL of the finished video, ending in `/video.mp4`. Null until `COMPLETED`, and again when the video has expired.
             * @example https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4
             */
            outputVideo: string | null;
            /** @example 100 */
            progress: number;
            /**
             * @description While `PENDING`: 1 is next. Otherwise null.
             * @example null
             */
            queuePosition: number | null;
            /**
             * @description Number of attempts after the first.
             * @example 0
             */
            retries: number;
            /**
             * Format: date-time
             * @description When sharing ends; only there once it was set.
             * @example 2026-12-24T18:00:00.000Z
             */
            shareExpiresAt?: string;
            /** @example COMPLETED */
            status: components["schemas"]["JobState"];
            /**
             * Format: date-time
             * @description When its status or progress last changed.
             * @example 2026-05-07T12:35:09.000Z
             */
            updatedAt: string;
            /** @description Sentences about what you may want to change. */
            warnings: string[];
            /**
             * @description The `webhookUrl` the job was submitted with.
             * @example null
             */
            webhookUrl: string | null;
        };
        JobCancelled: {
            /**
             * @example Job cancelled successfully
             * @constant
             */
            message: "Job cancelled successfully";
            /**
             * @example true
             * @constant
             */
            success: true;
        };
        JobCreated: {
            /**
             * Format: date-time
             * @description When the job was created.
             * @example 2026-05-07T12:34:56.000Z
             */
            createdAt?: string;
            /**
             * @description Why the job `FAILED` and what to do about it; otherwise null.
             * @example null
             */
            errorMessage?: string | null;
            /**
             * @description Job id. Ids sort by creation time.
             * @example clxxxxx0000abcd1234efgh56
             */
            jobId: string;
            /**
             * @example Job created
             * @constant
             */
            message: "Job created";
            /**
             * @description Your own data: a JSON object of at most 20 strings, 2 KB in all. Returned with the job wherever it is shown, and in its webhook.
             * @example {
             *       "orderId": "17"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description URL of a share page with a player. Null until `COMPLETED`, and again when the video has expired.
             * @example https://example.com/share/3q2-7wABAgMEBQYHCAkKCw
             */
            outputShareLink?: string | null;
            /**
             * @description URL of the finished video, ending in `/video.mp4`. Null until `COMPLETED`, and again when the video has expired.
             * @example https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4
             */
            outputVideo?: string | null;
            /**
             * @description Percentage: 0 while `PENDING`, an estimate while `PROCESSING`, 100 when `COMPLETED`.
             * @example 62
             */
            progress?: number;
            status?: components["schemas"]["JobState"];
            /**
             * Format: date-time
             * @description When its status or progress last changed.
             * @example 2026-05-07T12:34:56.000Z
             */
            updatedAt?: string;
        };
        JobList: {
            /** @description Newest first. */
            jobs: {
                /**
                 * Format: date-time
                 * @description When the job was created.
                 * @example 2026-05-07T12:34:56.000Z
                 */
                createdAt: string;
                /**
                 * @description Why the job `FAILED` and what to do about it; otherwise null.
                 * @example null
                 */
                errorMessage: string | null;
                /**
                 * @description Job id. Ids sort by creation time.
                 * @example clxxxxx0000abcd1234efgh56
                 */
                id: string;
                /**
                 * @description Your own data: a JSON object of at most 20 strings, 2 KB in all. Returned with the job wherever it is shown, and in its webhook.
                 * @example {
                 *       "orderId": "17"
                 *     }
                 */
                metadata?: {
                    [key: string]: string;
                };
                /**
                 * @description URL of a share page with a player. Null until `COMPLETED`, and again when the video has expired.
                 * @example https://example.com/share/3q2-7wABAgMEBQYHCAkKCw
                 */
                outputShareLink: string | null;
                /**
                 * @description URL of the finished video, ending in `/video.mp4`. Null until `COMPLETED`, and again when the video has expired.
                 * @example https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4
                 */
                outputVideo: string | null;
                /**
                 * @description Number of attempts after the first.
                 * @example 0
                 */
                retries: number;
                /** @example COMPLETED */
                status: components["schemas"]["JobState"];
                /**
                 * Format: date-time
                 * @description When its status or progress last changed.
                 * @example 2026-05-07T12:38:11.000Z
                 */
                updatedAt: string;
                /**
                 * @description The `webhookUrl` the job was submitted with.
                 * @example null
                 */
                webhookUrl: string | null;
            }[];
            pagination: {
                /** @example true */
                hasNextPage: boolean;
                /** @example 20 */
                limit: number;
                /**
                 * @description Null on the last page.
                 * @example clxxxxx0001abcd1234efgh56
                 */
                nextCursor: string | null;
            };
        };
        /**
         * @description `PENDING` — queued, not yet picked up. `PROCESSING` — actively rendering; progress reflects an estimate. `COMPLETED` — done; outputVideo is populated. `FAILED` — terminal failure; errorMessage explains why. `CANCELLED` — you cancelled it before it had ended.
         * @enum {string}
         */
        JobState: "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
        JobStatus: {
            /**
             * Format: date-time
             * @description When the job was created.
             * @example 2026-05-07T12:34:56.000Z
             */
            createdAt: string;
            /**
             * @description Why the job `FAILED` and what to do about it; otherwise null.
             * @example null
             */
            errorMessage: string | null;
            /**
             * @description Job id. Ids sort by creation time.
             * @example clxxxxx0000abcd1234efgh56
             */
            jobId: string;
            /**
             * @description Your own data: a JSON object of at most 20 strings, 2 KB in all. Returned with the job wherever it is shown, and in its webhook.
             * @example {
             *       "orderId": "17"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description URL of a share page with a player. Null until `COMPLETED`, and again when the video has expired.
             * @example null
             */
            outputShareLink: string | null;
            /**
             * @description URL of the finished video, ending in `/video.mp4`. Null until `COMPLETED`, and again when the video has expired.
             * @example null
             */
            outputVideo: string | null;
            /**
             * @description Percentage: 0 while `PENDING`, an estimate while `PROCESSING`, 100 when `COMPLETED`.
             * @example 62
             */
            progress: number;
            /** @example PROCESSING */
            status: components["schemas"]["JobState"];
            /**
             * Format: date-time
             * @description When its status or progress last changed.
             * @example 2026-05-07T12:36:08.000Z
             */
            updatedAt: string;
        };
        Ready: {
            /**
             * @example ready
             * @constant
             */
            status: "ready";
        };
        TargetList: {
            targets: {
                advice: {
                    source: {
                        /**
                         * @description Whether the place itself states it; otherwise others report it.
                         * @example true
                         */
                        owner: boolean;
                        /**
                         * Format: date
                         * @description The day it was read.
                         * @example 2026-11-28
                         */
                        read: string;
                        /** @example X Developer Platform: media best practices */
                        title: string;
                        /**
                         * Format: uri
                         * @example https://docs.x.com/x-api/media/quickstart/best-practices
                         */
                        url: string;
                    };
                    /** @example Subscribers may upload 1080p; resolution=1080p makes that. */
                    text: string;
                }[];
                /**
                 * @description The value of the option target.
                 * @example x
                 * @enum {string}
                 */
                name: "youtube" | "shorts" | "instagram" | "reels" | "tiktok" | "x" | "linkedin" | "facebook" | "spotify" | "whatsapp";
                /** @description What it sets wherever you leave an option out. */
                options: {
                    /**
                     * @description Artist: a tag of the file, and named on the share page.
                     * @example Ada Lovelace
                     */
                    artist?: string;
                    /**
                     * @description Shape of the video. `source` keeps the image's own. Default `source`.
                     * @default source
                     * @enum {string}
                     */
                    aspectRatio?: "source" | "16:9" | "9:16" | "1:1" | "4:5";
                    /**
                     * @description Color of the bars and behind transparent images: `#rrggbb`, or `auto` for the image's edge color. Default `#000000`; `#ffffff` behind transparent images.
                     * @example #1a2b3c
                     */
                    background?: string;
                    /**
                     * @description Language of the captions as a BCP 47 tag, such as `en` or `pt-BR`.
                     * @example en
                     */
                    captionLanguage?: string;
                    /**
                     * @description `track` adds captions that viewers can switch on and off, `burned` draws them into the picture, `both` does both. Default `track`.
                     * @default track
                     * @enum {string}
                     */
                    captionStyle?: "track" | "burned" | "both";
                    /**
                     * @description Description: a tag of the file, and the preview text of the share page.
                     * @example Notes on the Analytical Engine, read aloud.
                     */
                    description?: string;
                    /**
                     * @description How the image fills the shape: `contain` shows all of it with bars, `cover` crops from the center, `blur` shows all of it over a blurred copy. Default `contain`.
                     * @default contain
                     * @enum {string}
                     */
                    fit?: "contain" | "cover" | "blur";
                    /**
                     * @description Loudness of the sound in LUFS (EBU R 128), with true peaks of at most −1 dBTP. Default `keep`, which leaves it as it is.
                     * @default keep
                     */
                    loudness?: "keep" | (-14 | -16 | -19 | -23);
                    /**
                     * @description Slow camera movement over the image. Default `none`.
                     * @default none
                     * @enum {string}
                     */
                    motion?: "none" | "zoom-in" | "zoom-out" | "pan-left" | "pan-right";
                    /**
                     * @description Length of the shorter side. With `aspectRatio` `source`, images are never enlarged. Default `1080p`.
                     * @default 1080p
                     * @example 720p
                     * @enum {string}
                     */
                    resolution?: "1080p" | "720p" | "1440p" | "2160p";
                    /**
                     * @description Where the video is to be published. Sets what the place asks for wherever you leave an option out, and checks the result against its rules. See [Targets](http://localhost:3000/#targets).
                     * @enum {string}
                     */
                    target?: "youtube" | "shorts" | "instagram" | "reels" | "tiktok" | "x" | "linkedin" | "facebook" | "spotify" | "whatsapp";
                    /**
                     * @description Title: a tag of the file, and the title of the share page.
                     * @example Episode 17
                     */
                    title?: string;
                    /**
                     * @description Drawing of the sound: `bars` and `line` move with it, `progress` fills its whole shape as it plays. Default `none`.
                     * @default none
                     * @enum {string}
                     */
                    waveform?: "none" | "bars" | "line" | "progress";
                    /**
                     * @description Color of the waveform, `#rrggbb`. Default `#ffffff`.
                     * @default #ffffff
                     */
                    waveformColor?: string;
                    /**
                     * @description Where the waveform is drawn. Default `bottom`.
                     * @default bottom
                     * @enum {string}
                     */
                    waveformPosition?: "bottom" | "center" | "top";
                };
                /** @description What videos are checked against. least and most are seconds, bytes, pixels, hertz; a ratio is width by height. */
                rules: {
                    /** @example 0.5 */
                    least: number | null;
                    /** @example 140 */
                    most: number | null;
                    /** @example length */
                    rule: string;
                    source: {
                        /**
                         * @description Whether the place itself states it; otherwise others report it.
                         * @example true
                         */
                        owner: boolean;
                        /**
                         * Format: date
                         * @description The day it was read.
                         * @example 2026-11-28
                         */
                        read: string;
                        /** @example X Developer Platform: media best practices */
                        title: string;
                        /**
                         * Format: uri
                         * @example https://docs.x.com/x-api/media/quickstart/best-practices
                         */
                        url: string;
                    };
                    /**
                     * @description What the rule is about, in words.
                     * @example a length
                     */
                    title: string;
                    /** @example 0.5 s to 2 min 20 s */
                    wanted: string;
                }[];
                /** @example X */
                title: string;
            }[];
        };
        VideoDeleted: {
            /**
             * @example Video deleted successfully
             * @constant
             */
            message: "Video deleted successfully";
            /**
             * @example true
             * @constant
             */
            success: true;
        };
        WebhookDeliveries: {
            /** @example 2026-05-07T12:38:17.000Z */
            deliveredAt: string | null;
            /** @description The last 100 attempts, newest first. */
            deliveries: {
                /** @example 2 */
                attempt: number;
                /**
                 * @description Duration in milliseconds; null while the attempt is in progress.
                 * @example 160
                 */
                durationMs: number | null;
                /**
                 * @description Why the attempt failed; null if it succeeded.
                 * @example null
                 */
                errorClass: ("dns" | "refused" | "tls" | "timeout" | "reset" | "blocked" | "status" | "secret" | "interrupted") | null;
                /**
                 * @description The same, in words.
                 * @example null
                 */
                errorMessage: string | null;
                /**
                 * @description Start of the response body, up to 4 KiB; null if the attempt succeeded.
                 * @example null
                 */
                responseBody: string | null;
                /**
                 * @description HTTP status your endpoint returned; null if there was no response.
                 * @example 200
                 */
                responseStatus: number | null;
                /**
                 * Format: date-time
                 * @description When the attempt started.
                 * @example 2026-05-07T12:38:16.840Z
                 */
                startedAt: string;
            }[];
            /**
             * @description Job id. Ids sort by creation time.
             * @example clxxxxx0000abcd1234efgh56
             */
            jobId: string;
            /** @example null */
            nextAttemptAt: string | null;
            /**
             * @description `pending` — another attempt is due. `delivered` — your endpoint returned `2xx`. `abandoned` — the last attempt failed, or your endpoint returned 410. Null until the job finishes, and if it sends no webhook.
             * @example delivered
             */
            status: ("pending" | "delivered" | "abandoned") | null;
            /** @example msg_clxxxxx0000abcd1234efgh56 */
            webhookId: string | null;
            /**
             * @description The `webhookUrl` the job was submitted with.
             * @example https://your.app/hooks/vidgen
             */
            webhookUrl: string | null;
        };
        WebhookRequeued: {
            /**
             * @description Job id. Ids sort by creation time.
             * @example clxxxxx0000abcd1234efgh56
             */
            jobId: string;
            /**
             * @example Webhook queued for redelivery
             * @constant
             */
            message: "Webhook queued for redelivery";
            /**
             * @description Value of the `webhook-id` header; the same for every attempt.
             * @example msg_clxxxxx0000abcd1234efgh56
             */
            webhookId: string;
        };
    };
    responses: {
        /** @description Bad request — missing field, malformed body, invalid query parameter, or invalid webhookUrl. */
        Error400: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                "RateLimit-Reset": components["headers"]["RateLimitReset"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Missing X-API-Key header, or API key not recognized or deactivated. */
        Error401: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                "RateLimit-Reset": components["headers"]["RateLimitReset"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Rate limit exceeded — slow down. */
        Error429: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                "RateLimit-Reset": components["headers"]["RateLimitReset"];
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Server error. Retry with exponential backoff. */
        Error500: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                "RateLimit-Reset": components["headers"]["RateLimitReset"];
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Send it back in If-None-Match: the answer is 304, without a body, while nothing has changed. */
        ETag: string;
        /** @description true: the response repeats that of an earlier submission. */
        IdempotentReplayed: "true";
        /** @description Path of the new job. */
        Location: string;
        /** @description `wait=N`: the response was held for up to N seconds, until the job ended. */
        PreferenceApplied: string;
        /** @description Requests allowed per minute by the policy closest to its limit. */
        RateLimitLimit: number;
        /** @description The policy in force, such as 600;w=60. */
        RateLimitPolicy: string;
        /** @description Requests left in the current window. */
        RateLimitRemaining: number;
        /** @description Seconds until the limit resets. */
        RateLimitReset: number;
        /** @description Identifies this request in our logs. */
        RequestId: string;
        /** @description Seconds to wait before retrying. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The API process is up. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    openCatcher: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catcher. Submit a job with its url as the `webhookUrl`. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://example.com/hooks/3CeK9vYp0aXnTq5RZbW1Ls",
                     *       "token": "3CeK9vYp0aXnTq5RZbW1Ls",
                     *       "expiresAt": "2026-05-07T13:34:56.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Catcher"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["Error429"];
            /** @description Server error. Retry with exponential backoff. */
            500: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    listCaught: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token returned when you opened the catcher. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhooks received so far. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://example.com/hooks/3CeK9vYp0aXnTq5RZbW1Ls",
                     *       "expiresAt": "2026-05-07T13:34:56.000Z",
                     *       "webhooks": [
                     *         {
                     *           "jobId": "clxxxxx0000abcd1234efgh56",
                     *           "receivedAt": "2026-05-07T12:38:11.160Z",
                     *           "headers": {
                     *             "content-type": "application/json",
                     *             "webhook-id": "msg_clxxxxx0000abcd1234efgh56"
                     *           },
                     *           "body": "{\"jobId\":\"clxxxxx0000abcd1234efgh56\",\"status\":\"COMPLETED\",\"progress\":100,\"outputVideo\":\"https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4\",\"outputShareLink\":\"https://example.com/share/3q2-7wABAgMEBQYHCAkKCw\",\"errorMessage\":null,\"createdAt\":\"2026-05-07T12:34:56.000Z\",\"updatedAt\":\"2026-05-07T12:38:11.000Z\"}"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CaughtList"];
                };
            };
            /** @description Nothing has changed since the response whose ETag If-None-Match holds. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /** @description The `nextCursor` from the previous response. Omit on first page. */
                cursor?: string;
                /** @description Page size, 1–100. Default 20. */
                limit?: number;
                /** @description Filter to one of `PENDING`, `PROCESSING`, `COMPLETED`, `FAILED`, `CANCELLED`. */
                status?: "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of your jobs. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "id": "clxxxxx0000abcd1234efgh56",
                     *           "status": "COMPLETED",
                     *           "outputVideo": "https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4",
                     *           "outputShareLink": "https://example.com/share/3q2-7wABAgMEBQYHCAkKCw",
                     *           "errorMessage": null,
                     *           "retries": 0,
                     *           "createdAt": "2026-05-07T12:34:56.000Z",
                     *           "updatedAt": "2026-05-07T12:38:11.000Z",
                     *           "webhookUrl": null
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 20,
                     *         "nextCursor": "clxxxxx0001abcd1234efgh56",
                     *         "hasNextPage": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description Nothing has changed since the response whose ETag If-None-Match holds. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request — missing field, malformed body, invalid query parameter, or invalid webhookUrl. */
            400: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Error401"];
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
        };
    };
    createJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value of your choice for this submission. Repeating it within 24 hours returns the original `jobId` and `Idempotent-Replayed: true`, so a retry never creates a second job. */
                "Idempotency-Key"?: string;
                /** @description `wait=N` holds the response for up to N seconds (at most 60), until the job has ended. It is a 201 all the same, with the fields of the status beside `jobId`. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "imageUrl": "https://example.com/portrait.jpg",
                 *       "audioUrl": "https://example.com/voiceover.mp3"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Artist: a tag of the file, and named on the share page.
                     * @example Ada Lovelace
                     */
                    artist?: string;
                    /**
                     * @description Shape of the video. `source` keeps the image's own. Default `source`.
                     * @default source
                     * @enum {string}
                     */
                    aspectRatio?: "source" | "16:9" | "9:16" | "1:1" | "4:5";
                    /**
                     * Format: uri
                     * @description Address (https or http) that the audio track is fetched from. Redirects are followed; the size and type rules are those of uploads.
                     * @example https://example.com/voiceover.mp3
                     */
                    audioUrl: string;
                    /**
                     * @description Color of the bars and behind transparent images: `#rrggbb`, or `auto` for the image's edge color. Default `#000000`; `#ffffff` behind transparent images.
                     * @example #1a2b3c
                     */
                    background?: string;
                    /**
                     * @description Language of the captions as a BCP 47 tag, such as `en` or `pt-BR`.
                     * @example en
                     */
                    captionLanguage?: string;
                    /**
                     * @description Captions as SubRip or WebVTT, the text itself. Max 1 MB.
                     * @example WEBVTT
                     *
                     *     00:00.000 --> 00:02.500
                     *     Good morning.
                     */
                    captions?: string | null;
                    /**
                     * @description `track` adds captions that viewers can switch on and off, `burned` draws them into the picture, `both` does both. Default `track`.
                     * @default track
                     * @enum {string}
                     */
                    captionStyle?: "track" | "burned" | "both";
                    captionsUrl?: string | null;
                    /**
                     * @description Description: a tag of the file, and the preview text of the share page.
                     * @example Notes on the Analytical Engine, read aloud.
                     */
                    description?: string;
                    /**
                     * @description How the image fills the shape: `contain` shows all of it with bars, `cover` crops from the center, `blur` shows all of it over a blurred copy. Default `contain`.
                     * @default contain
                     * @enum {string}
                     */
                    fit?: "contain" | "cover" | "blur";
                    /**
                     * Format: uri
                     * @description Address (https or http) that the image is fetched from. Redirects are followed; the size and type rules are those of uploads.
                     * @example https://example.com/portrait.jpg
                     */
                    imageUrl: string;
                    /**
                     * @description Loudness of the sound in LUFS (EBU R 128), with true peaks of at most −1 dBTP. Default `keep`, which leaves it as it is.
                     * @default keep
                     */
                    loudness?: "keep" | (-14 | -16 | -19 | -23);
                    /**
                     * @description Your own data: a JSON object of at most 20 strings, 2 KB in all. Returned with the job wherever it is shown, and in its webhook.
                     * @example {
                     *       "orderId": "17"
                     *     }
                     */
                    metadata?: {
                        [key: string]: string;
                    };
                    /**
                     * @description Slow camera movement over the image. Default `none`.
                     * @default none
                     * @enum {string}
                     */
                    motion?: "none" | "zoom-in" | "zoom-out" | "pan-left" | "pan-right";
                    /**
                     * @description Length of the shorter side. With `aspectRatio` `source`, images are never enlarged. Default `1080p`.
                     * @default 1080p
                     * @enum {string}
                     */
                    resolution?: "1080p" | "720p" | "1440p" | "2160p";
                    /**
                     * @description Where the video is to be published. Sets what the place asks for wherever you leave an option out, and checks the result against its rules. See [Targets](http://localhost:3000/#targets).
                     * @enum {string}
                     */
                    target?: "youtube" | "shorts" | "instagram" | "reels" | "tiktok" | "x" | "linkedin" | "facebook" | "spotify" | "whatsapp";
                    /**
                     * @description Title: a tag of the file, and the title of the share page.
                     * @example Episode 17
                     */
                    title?: string;
                    /**
                     * @description Drawing of the sound: `bars` and `line` move with it, `progress` fills its whole shape as it plays. Default `none`.
                     * @default none
                     * @enum {string}
                     */
                    waveform?: "none" | "bars" | "line" | "progress";
                    /**
                     * @description Color of the waveform, `#rrggbb`. Default `#ffffff`.
                     * @default #ffffff
                     */
                    waveformColor?: string;
                    /**
                     * @description Where the waveform is drawn. Default `bottom`.
                     * @default bottom
                     * @enum {string}
                     */
                    waveformPosition?: "bottom" | "center" | "top";
                    /**
                     * Format: uri
                     * @description HTTPS URL that receives a signed callback when the job completes or fails. See [Webhooks](http://localhost:3000/#webhooks).
                     * @example https://your.app/hooks/vidgen
                     */
                    webhookUrl?: string | null;
                };
                "multipart/form-data": {
                    /**
                     * @description Artist: a tag of the file, and named on the share page.
                     * @example Ada Lovelace
                     */
                    artist?: string;
                    /**
                     * @description Shape of the video. `source` keeps the image's own. Default `source`.
                     * @default source
                     * @enum {string}
                     */
                    aspectRatio?: "source" | "16:9" | "9:16" | "1:1" | "4:5";
                    /**
                     * Format: binary
                     * @description Voiceover or audio track. Accepts mp3, wav, m4a, ogg (Vorbis or Opus). Max 50 MB.
                     */
                    audio: string;
                    /**
                     * @description Color of the bars and behind transparent images: `#rrggbb`, or `auto` for the image's edge color. Default `#000000`; `#ffffff` behind transparent images.
                     * @example #1a2b3c
                     */
                    background?: string;
                    /**
                     * @description Language of the captions as a BCP 47 tag, such as `en` or `pt-BR`.
                     * @example en
                     */
                    captionLanguage?: string;
                    /**
                     * Format: binary
                     * @description Captions as SubRip (`.srt`) or WebVTT (`.vtt`), UTF-8 or UTF-16. Max 1 MB.
                     */
                    captions?: string;
                    /**
                     * @description `track` adds captions that viewers can switch on and off, `burned` draws them into the picture, `both` does both. Default `track`.
                     * @default track
                     * @enum {string}
                     */
                    captionStyle?: "track" | "burned" | "both";
                    /**
                     * @description Description: a tag of the file, and the preview text of the share page.
                     * @example Notes on the Analytical Engine, read aloud.
                     */
                    description?: string;
                    /**
                     * @description How the image fills the shape: `contain` shows all of it with bars, `cover` crops from the center, `blur` shows all of it over a blurred copy. Default `contain`.
                     * @default contain
                     * @enum {string}
                     */
                    fit?: "contain" | "cover" | "blur";
                    /**
                     * Format: binary
                     * @description Single source image. Accepts `image/jpeg`, `image/png`, `image/webp`. Max 50 MB.
                     */
                    image: string;
                    /**
                     * @description Loudness of the sound in LUFS (EBU R 128), with true peaks of at most −1 dBTP. Default `keep`, which leaves it as it is.
                     * @default keep
                     * @enum {string}
                     */
                    loudness?: "keep" | "-14" | "-16" | "-19" | "-23";
                    /**
                     * @description Your own data: a JSON object of at most 20 strings, 2 KB in all. Returned with the job wherever it is shown, and in its webhook.
                     * @example {"orderId":"17"}
                     */
                    metadata?: string;
                    /**
                     * @description Slow camera movement over the image. Default `none`.
                     * @default none
                     * @enum {string}
                     */
                    motion?: "none" | "zoom-in" | "zoom-out" | "pan-left" | "pan-right";
                    /**
                     * @description Length of the shorter side. With `aspectRatio` `source`, images are never enlarged. Default `1080p`.
                     * @default 1080p
                     * @enum {string}
                     */
                    resolution?: "1080p" | "720p" | "1440p" | "2160p";
                    /**
                     * @description Where the video is to be published. Sets what the place asks for wherever you leave an option out, and checks the result against its rules. See [Targets](http://localhost:3000/#targets).
                     * @enum {string}
                     */
                    target?: "youtube" | "shorts" | "instagram" | "reels" | "tiktok" | "x" | "linkedin" | "facebook" | "spotify" | "whatsapp";
                    /**
                     * @description Title: a tag of the file, and the title of the share page.
                     * @example Episode 17
                     */
                    title?: string;
                    /**
                     * @description Drawing of the sound: `bars` and `line` move with it, `progress` fills its whole shape as it plays. Default `none`.
                     * @default none
                     * @enum {string}
                     */
                    waveform?: "none" | "bars" | "line" | "progress";
                    /**
                     * @description Color of the waveform, `#rrggbb`. Default `#ffffff`.
                     * @default #ffffff
                     */
                    waveformColor?: string;
                    /**
                     * @description Where the waveform is drawn. Default `bottom`.
                     * @default bottom
                     * @enum {string}
                     */
                    waveformPosition?: "bottom" | "center" | "top";
                    /**
                     * Format: uri
                     * @description HTTPS URL that receives a signed callback when the job completes or fails. See [Webhooks](http://localhost:3000/#webhooks).
                     * @example https://your.app/hooks/vidgen
                     */
                    webhookUrl?: string;
                };
            };
        };
        responses: {
            /** @description Job created and queued. */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["IdempotentReplayed"];
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["PreferenceApplied"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Job created",
                     *       "jobId": "clxxxxx0000abcd1234efgh56"
                     *     }
                     */
                    "application/json": components["schemas"]["JobCreated"];
                };
            };
            /** @description Bad request — missing field, malformed body, invalid query parameter, or invalid webhookUrl. */
            400: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Error401"];
            /** @description The upload stalled or was too slow. */
            408: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description You already have an active job, or the job isn't in a cancellable state (or can't be retried, or has no webhook to redeliver). */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Uploaded file exceeded 50 MB. */
            413: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Uploaded file's MIME type isn't supported. */
            415: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Rate limit exceeded — slow down. */
            429: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Server error. Retry with exponential backoff. */
            500: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `jobId` returned when you submitted the job. */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "clxxxxx0000abcd1234efgh56",
                     *       "status": "COMPLETED",
                     *       "outputVideo": "https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4",
                     *       "outputShareLink": "https://example.com/share/3q2-7wABAgMEBQYHCAkKCw",
                     *       "errorMessage": null,
                     *       "retries": 0,
                     *       "createdAt": "2026-05-07T12:34:56.000Z",
                     *       "updatedAt": "2026-05-07T12:35:09.000Z",
                     *       "webhookUrl": null,
                     *       "progress": 100,
                     *       "options": {
                     *         "target": "x",
                     *         "title": "Episode 17"
                     *       },
                     *       "queuePosition": null,
                     *       "estimatedSecondsLeft": null,
                     *       "attempts": [
                     *         {
                     *           "attempt": 1,
                     *           "startedAt": "2026-05-07T12:34:56.080Z",
                     *           "endedAt": "2026-05-07T12:35:09.000Z",
                     *           "outcome": "completed"
                     *         }
                     *       ],
                     *       "fetches": [],
                     *       "input": {
                     *         "image": {
                     *           "type": "image/jpeg",
                     *           "bytes": 482113,
                     *           "sha256": "9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f",
                     *           "width": 1600,
                     *           "height": 1200
                     *         },
                     *         "audio": {
                     *           "type": "audio/mpeg",
                     *           "bytes": 2880417,
                     *           "sha256": "1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c",
                     *           "codec": "mp3",
                     *           "sampleRate": 44100,
                     *           "channels": 2,
                     *           "seconds": 180.04,
                     *           "loudness": null,
                     *           "truePeak": null
                     *         },
                     *         "captions": null
                     *       },
                     *       "output": {
                     *         "video": "https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4",
                     *         "poster": "https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/poster.jpg",
                     *         "captions": null,
                     *         "shareLink": "https://example.com/share/3q2-7wABAgMEBQYHCAkKCw",
                     *         "bytes": 8123456,
                     *         "sha256": "4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e",
                     *         "width": 960,
                     *         "height": 720,
                     *         "seconds": 180.04,
                     *         "loudness": null,
                     *         "truePeak": null,
                     *         "realTimeFactor": 21.3,
                     *         "expiresAt": "2026-06-06T12:35:09.000Z"
                     *       },
                     *       "warnings": [
                     *         "X wants a length of 0.5 s to 2 min 20 s; it is 3 min. Send a shorter audio file, or publish the video elsewhere."
                     *       ],
                     *       "checks": [
                     *         {
                     *           "rule": "length",
                     *           "wanted": "0.5 s to 2 min 20 s",
                     *           "is": "3 min",
                     *           "ok": false,
                     *           "mend": "Send a shorter audio file, or publish the video elsewhere."
                     *         },
                     *         {
                     *           "rule": "longerSide",
                     *           "wanted": "at most 1280 px",
                     *           "is": "960 px",
                     *           "ok": true,
                     *           "mend": null
                     *         }
                     *       ],
                     *       "links": {
                     *         "status": "https://example.com/api/status/clxxxxx0000abcd1234efgh56",
                     *         "events": "https://example.com/api/jobs/clxxxxx0000abcd1234efgh56/events",
                     *         "cancel": null,
                     *         "retry": null,
                     *         "webhooks": null,
                     *         "share": "https://example.com/share/3q2-7wABAgMEBQYHCAkKCw",
                     *         "docs": "https://example.com/#getJob"
                     *       },
                     *       "metadata": {
                     *         "orderId": "17"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Nothing has changed since the response whose ETag If-None-Match holds. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
        };
    };
    cancelJob: {
        parameters: {
            query?: {
                /** @description `true` also cancels a job that is `PROCESSING`: its rendering stops, nothing of it is stored, and no webhook is sent. Default `false`. */
                force?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The `jobId` returned when you submitted the job. */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Job cancelled. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "Job cancelled successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["JobCancelled"];
                };
            };
            /** @description Bad request — missing field, malformed body, invalid query parameter, or invalid webhookUrl. */
            400: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description You already have an active job, or the job isn't in a cancellable state (or can't be retried, or has no webhook to redeliver). */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["Error429"];
            /** @description Server error. Retry with exponential backoff. */
            500: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    updateJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `jobId` returned when you submitted the job. */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "shareExpiresAt": "2026-12-24T18:00:00Z"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description When the share page, the video, its poster and its captions stop being served; `null`: as long as the video is kept.
                     * @example 2026-12-24T18:00:00Z
                     */
                    shareExpiresAt: string | null;
                };
                /**
                 * @example {
                 *       "shareExpiresAt": "2026-12-24T18:00:00Z"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    /**
                     * @description When the share page, the video, its poster and its captions stop being served; `null`: as long as the video is kept.
                     * @example 2026-12-24T18:00:00Z
                     */
                    shareExpiresAt: string | null;
                };
            };
        };
        responses: {
            /** @description The job, with its new `shareExpiresAt`. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "clxxxxx0000abcd1234efgh56",
                     *       "status": "COMPLETED",
                     *       "outputVideo": "https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4",
                     *       "outputShareLink": "https://example.com/share/3q2-7wABAgMEBQYHCAkKCw",
                     *       "errorMessage": null,
                     *       "retries": 0,
                     *       "createdAt": "2026-05-07T12:34:56.000Z",
                     *       "updatedAt": "2026-05-07T12:35:09.000Z",
                     *       "webhookUrl": null,
                     *       "progress": 100,
                     *       "options": {
                     *         "target": "x",
                     *         "title": "Episode 17"
                     *       },
                     *       "queuePosition": null,
                     *       "estimatedSecondsLeft": null,
                     *       "attempts": [
                     *         {
                     *           "attempt": 1,
                     *           "startedAt": "2026-05-07T12:34:56.080Z",
                     *           "endedAt": "2026-05-07T12:35:09.000Z",
                     *           "outcome": "completed"
                     *         }
                     *       ],
                     *       "fetches": [],
                     *       "input": {
                     *         "image": {
                     *           "type": "image/jpeg",
                     *           "bytes": 482113,
                     *           "sha256": "9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f",
                     *           "width": 1600,
                     *           "height": 1200
                     *         },
                     *         "audio": {
                     *           "type": "audio/mpeg",
                     *           "bytes": 2880417,
                     *           "sha256": "1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c",
                     *           "codec": "mp3",
                     *           "sampleRate": 44100,
                     *           "channels": 2,
                     *           "seconds": 180.04,
                     *           "loudness": null,
                     *           "truePeak": null
                     *         },
                     *         "captions": null
                     *       },
                     *       "output": {
                     *         "video": "https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/video.mp4",
                     *         "poster": "https://example.com/media/3q2-7wABAgMEBQYHCAkKCw/poster.jpg",
                     *         "captions": null,
                     *         "shareLink": "https://example.com/share/3q2-7wABAgMEBQYHCAkKCw",
                     *         "bytes": 8123456,
                     *         "sha256": "4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e",
                     *         "width": 960,
                     *         "height": 720,
                     *         "seconds": 180.04,
                     *         "loudness": null,
                     *         "truePeak": null,
                     *         "realTimeFactor": 21.3,
                     *         "expiresAt": "2026-06-06T12:35:09.000Z"
                     *       },
                     *       "warnings": [
                     *         "X wants a length of 0.5 s to 2 min 20 s; it is 3 min. Send a shorter audio file, or publish the video elsewhere."
                     *       ],
                     *       "checks": [
                     *         {
                     *           "rule": "length",
                     *           "wanted": "0.5 s to 2 min 20 s",
                     *           "is": "3 min",
                     *           "ok": false,
                     *           "mend": "Send a shorter audio file, or publish the video elsewhere."
                     *         },
                     *         {
                     *           "rule": "longerSide",
                     *           "wanted": "at most 1280 px",
                     *           "is": "960 px",
                     *           "ok": true,
                     *           "mend": null
                     *         }
                     *       ],
                     *       "links": {
                     *         "status": "https://example.com/api/status/clxxxxx0000abcd1234efgh56",
                     *         "events": "https://example.com/api/jobs/clxxxxx0000abcd1234efgh56/events",
                     *         "cancel": null,
                     *         "retry": null,
                     *         "webhooks": null,
                     *         "share": "https://example.com/share/3q2-7wABAgMEBQYHCAkKCw",
                     *         "docs": "https://example.com/#getJob"
                     *       },
                     *       "metadata": {
                     *         "orderId": "17"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Bad request — missing field, malformed body, invalid query parameter, or invalid webhookUrl. */
            400: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The upload stalled or was too slow. */
            408: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description You already have an active job, or the job isn't in a cancellable state (or can't be retried, or has no webhook to redeliver). */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Uploaded file exceeded 50 MB. */
            413: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Uploaded file's MIME type isn't supported. */
            415: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["Error429"];
            /** @description Server error. Retry with exponential backoff. */
            500: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    streamEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description When reconnecting: the id of the last event you received. Numbering continues from there. The id of the last event of a job ends in .0; with that id the answer is 204, which tells an EventSource not to reconnect. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The `jobId` returned when you submitted the job. */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events; the data of each is a job status. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 1
                     *     data: {"jobId":"clxxxxx0000abcd1234efgh56","status":"PROCESSING","progress":62,"outputVideo":null,"outputShareLink":null,"errorMessage":null,"createdAt":"2026-05-07T12:34:56.000Z","updatedAt":"2026-05-07T12:36:08.000Z"}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description The job has ended and Last-Event-ID says that you have seen it: do not reconnect. */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Rate limit exceeded — slow down. */
            429: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            500: components["responses"]["Error500"];
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=N` holds the response for up to N seconds (at most 60), until the job has ended. It is a 201 all the same, with the fields of the status beside `jobId`. */
                Prefer?: string;
            };
            path: {
                /** @description The `jobId` returned when you submitted the job. */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /**
                     * @description Artist: a tag of the file, and named on the share page.
                     * @example Ada Lovelace
                     */
                    artist?: string;
                    /**
                     * @description Shape of the video. `source` keeps the image's own. Default `source`.
                     * @default source
                     * @enum {string}
                     */
                    aspectRatio?: "source" | "16:9" | "9:16" | "1:1" | "4:5";
                    /**
                     * @description Color of the bars and behind transparent images: `#rrggbb`, or `auto` for the image's edge color. Default `#000000`; `#ffffff` behind transparent images.
                     * @example #1a2b3c
                     */
                    background?: string;
                    /**
                     * @description Language of the captions as a BCP 47 tag, such as `en` or `pt-BR`.
                     * @example en
                     */
                    captionLanguage?: string;
                    /**
                     * @description `track` adds captions that viewers can switch on and off, `burned` draws them into the picture, `both` does both. Default `track`.
                     * @default track
                     * @enum {string}
                     */
                    captionStyle?: "track" | "burned" | "both";
                    /**
                     * @description Description: a tag of the file, and the preview text of the share page.
                     * @example Notes on the Analytical Engine, read aloud.
                     */
                    description?: string;
                    /**
                     * @description How the image fills the shape: `contain` shows all of it with bars, `cover` crops from the center, `blur` shows all of it over a blurred copy. Default `contain`.
                     * @default contain
                     * @enum {string}
                     */
                    fit?: "contain" | "cover" | "blur";
                    /**
                     * @description Loudness of the sound in LUFS (EBU R 128), with true peaks of at most −1 dBTP. Default `keep`, which leaves it as it is.
                     * @default keep
                     */
                    loudness?: "keep" | (-14 | -16 | -19 | -23);
                    /**
                     * @description Your own data: a JSON object of at most 20 strings, 2 KB in all. Returned with the job wherever it is shown, and in its webhook.
                     * @example {
                     *       "orderId": "17"
                     *     }
                     */
                    metadata?: {
                        [key: string]: string;
                    };
                    /**
                     * @description Slow camera movement over the image. Default `none`.
                     * @default none
                     * @enum {string}
                     */
                    motion?: "none" | "zoom-in" | "zoom-out" | "pan-left" | "pan-right";
                    /**
                     * @description Length of the shorter side. With `aspectRatio` `source`, images are never enlarged. Default `1080p`.
                     * @default 1080p
                     * @enum {string}
                     */
                    resolution?: "1080p" | "720p" | "1440p" | "2160p";
                    /**
                     * @description Where the video is to be published. Sets what the place asks for wherever you leave an option out, and checks the result against its rules. See [Targets](http://localhost:3000/#targets).
                     * @enum {string}
                     */
                    target?: "youtube" | "shorts" | "instagram" | "reels" | "tiktok" | "x" | "linkedin" | "facebook" | "spotify" | "whatsapp";
                    /**
                     * @description Title: a tag of the file, and the title of the share page.
                     * @example Episode 17
                     */
                    title?: string;
                    /**
                     * @description Drawing of the sound: `bars` and `line` move with it, `progress` fills its whole shape as it plays. Default `none`.
                     * @default none
                     * @enum {string}
                     */
                    waveform?: "none" | "bars" | "line" | "progress";
                    /**
                     * @description Color of the waveform, `#rrggbb`. Default `#ffffff`.
                     * @default #ffffff
                     */
                    waveformColor?: string;
                    /**
                     * @description Where the waveform is drawn. Default `bottom`.
                     * @default bottom
                     * @enum {string}
                     */
                    waveformPosition?: "bottom" | "center" | "top";
                };
                /** @example {} */
                "application/x-www-form-urlencoded": {
                    /**
                     * @description Artist: a tag of the file, and named on the share page.
                     * @example Ada Lovelace
                     */
                    artist?: string;
                    /**
                     * @description Shape of the video. `source` keeps the image's own. Default `source`.
                     * @default source
                     * @enum {string}
                     */
                    aspectRatio?: "source" | "16:9" | "9:16" | "1:1" | "4:5";
                    /**
                     * @description Color of the bars and behind transparent images: `#rrggbb`, or `auto` for the image's edge color. Default `#000000`; `#ffffff` behind transparent images.
                     * @example #1a2b3c
                     */
                    background?: string;
                    /**
                     * @description Language of the captions as a BCP 47 tag, such as `en` or `pt-BR`.
                     * @example en
                     */
                    captionLanguage?: string;
                    /**
                     * @description `track` adds captions that viewers can switch on and off, `burned` draws them into the picture, `both` does both. Default `track`.
                     * @default track
                     * @enum {string}
                     */
                    captionStyle?: "track" | "burned" | "both";
                    /**
                     * @description Description: a tag of the file, and the preview text of the share page.
                     * @example Notes on the Analytical Engine, read aloud.
                     */
                    description?: string;
                    /**
                     * @description How the image fills the shape: `contain` shows all of it with bars, `cover` crops from the center, `blur` shows all of it over a blurred copy. Default `contain`.
                     * @default contain
                     * @enum {string}
                     */
                    fit?: "contain" | "cover" | "blur";
                    /**
                     * @description Loudness of the sound in LUFS (EBU R 128), with true peaks of at most −1 dBTP. Default `keep`, which leaves it as it is.
                     * @default keep
                     */
                    loudness?: "keep" | (-14 | -16 | -19 | -23);
                    /**
                     * @description Your own data: a JSON object of at most 20 strings, 2 KB in all. Returned with the job wherever it is shown, and in its webhook.
                     * @example {
                     *       "orderId": "17"
                     *     }
                     */
                    metadata?: {
                        [key: string]: string;
                    };
                    /**
                     * @description Slow camera movement over the image. Default `none`.
                     * @default none
                     * @enum {string}
                     */
                    motion?: "none" | "zoom-in" | "zoom-out" | "pan-left" | "pan-right";
                    /**
                     * @description Length of the shorter side. With `aspectRatio` `source`, images are never enlarged. Default `1080p`.
                     * @default 1080p
                     * @enum {string}
                     */
                    resolution?: "1080p" | "720p" | "1440p" | "2160p";
                    /**
                     * @description Where the video is to be published. Sets what the place asks for wherever you leave an option out, and checks the result against its rules. See [Targets](http://localhost:3000/#targets).
                     * @enum {string}
                     */
                    target?: "youtube" | "shorts" | "instagram" | "reels" | "tiktok" | "x" | "linkedin" | "facebook" | "spotify" | "whatsapp";
                    /**
                     * @description Title: a tag of the file, and the title of the share page.
                     * @example Episode 17
                     */
                    title?: string;
                    /**
                     * @description Drawing of the sound: `bars` and `line` move with it, `progress` fills its whole shape as it plays. Default `none`.
                     * @default none
                     * @enum {string}
                     */
                    waveform?: "none" | "bars" | "line" | "progress";
                    /**
                     * @description Color of the waveform, `#rrggbb`. Default `#ffffff`.
                     * @default #ffffff
                     */
                    waveformColor?: string;
                    /**
                     * @description Where the waveform is drawn. Default `bottom`.
                     * @default bottom
                     * @enum {string}
                     */
                    waveformPosition?: "bottom" | "center" | "top";
                };
            };
        };
        responses: {
            /** @description Job created and queued. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Job created",
                     *       "jobId": "clxxxxx0000abcd1234efgh56"
                     *     }
                     */
                    "application/json": components["schemas"]["JobCreated"];
                };
            };
            /** @description Bad request — missing field, malformed body, invalid query parameter, or invalid webhookUrl. */
            400: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description The upload stalled or was too slow. */
            408: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description You already have an active job, or the job isn't in a cancellable state (or can't be retried, or has no webhook to redeliver). */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Uploaded file exceeded 50 MB. */
            413: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Uploaded file's MIME type isn't supported. */
            415: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["Error429"];
            /** @description Server error. Retry with exponential backoff. */
            500: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    deleteVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `jobId` returned when you submitted the job. */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Video deleted. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "message": "Video deleted successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["VideoDeleted"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description You already have an active job, or the job isn't in a cancellable state (or can't be retried, or has no webhook to redeliver). */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["Error429"];
            /** @description Server error. Retry with exponential backoff. */
            500: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `jobId` returned when you submitted the job. */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook and its delivery attempts. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobId": "clxxxxx0000abcd1234efgh56",
                     *       "webhookUrl": "https://your.app/hooks/vidgen",
                     *       "webhookId": "msg_clxxxxx0000abcd1234efgh56",
                     *       "status": "delivered",
                     *       "nextAttemptAt": null,
                     *       "deliveredAt": "2026-05-07T12:38:17.000Z",
                     *       "deliveries": [
                     *         {
                     *           "attempt": 2,
                     *           "startedAt": "2026-05-07T12:38:16.840Z",
                     *           "durationMs": 160,
                     *           "responseStatus": 200,
                     *           "errorClass": null,
                     *           "errorMessage": null,
                     *           "responseBody": null
                     *         },
                     *         {
                     *           "attempt": 1,
                     *           "startedAt": "2026-05-07T12:38:11.120Z",
                     *           "durationMs": 41,
                     *           "responseStatus": null,
                     *           "errorClass": "refused",
                     *           "errorMessage": "Could not connect to the receiver (ECONNREFUSED).",
                     *           "responseBody": ""
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDeliveries"];
                };
            };
            /** @description Nothing has changed since the response whose ETag If-None-Match holds. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
        };
    };
    redeliverWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `jobId` returned when you submitted the job. */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Webhook queued for redelivery. */
            202: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message": "Webhook queued for redelivery",
                     *       "jobId": "clxxxxx0000abcd1234efgh56",
                     *       "webhookId": "msg_clxxxxx0000abcd1234efgh56"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookRequeued"];
                };
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description You already have an active job, or the job isn't in a cancellable state (or can't be retried, or has no webhook to redeliver). */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            429: components["responses"]["Error429"];
            /** @description Server error. Retry with exponential backoff. */
            500: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is ready. */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": components["schemas"]["Ready"];
                };
            };
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
            /** @description The service isn't ready yet. */
            503: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
    getJobStatus: {
        parameters: {
            query?: {
                /** @description What `wait` waits for: `change` (the next change of status) or `end` (`COMPLETED`, `FAILED` or `CANCELLED`). Default `change`. */
                until?: "change" | "end";
                /** @description Long polling: how many seconds (0–60) to hold the response if the status has not changed. Default 0. */
                wait?: number;
            };
            header?: never;
            path: {
                /** @description The `jobId` returned when you submitted the job. */
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The current status of the job. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobId": "clxxxxx0000abcd1234efgh56",
                     *       "status": "PROCESSING",
                     *       "progress": 62,
                     *       "outputVideo": null,
                     *       "outputShareLink": null,
                     *       "errorMessage": null,
                     *       "createdAt": "2026-05-07T12:34:56.000Z",
                     *       "updatedAt": "2026-05-07T12:36:08.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["JobStatus"];
                };
            };
            /** @description Nothing has changed since the response whose ETag If-None-Match holds. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad request — missing field, malformed body, invalid query parameter, or invalid webhookUrl. */
            400: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            401: components["responses"]["Error401"];
            /** @description The requested job doesn't exist or doesn't belong to you. */
            404: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            /** @description Rate limit exceeded — slow down. */
            429: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
            500: components["responses"]["Error500"];
        };
    };
    listTargets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All targets. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "targets": [
                     *         {
                     *           "name": "x",
                     *           "title": "X",
                     *           "options": {
                     *             "resolution": "720p"
                     *           },
                     *           "rules": [
                     *             {
                     *               "rule": "length",
                     *               "title": "a length",
                     *               "wanted": "0.5 s to 2 min 20 s",
                     *               "least": 0.5,
                     *               "most": 140,
                     *               "source": {
                     *                 "title": "X Developer Platform: media best practices",
                     *                 "url": "https://docs.x.com/x-api/media/quickstart/best-practices",
                     *                 "owner": true,
                     *                 "read": "2026-11-28"
                     *               }
                     *             },
                     *             {
                     *               "rule": "fileSize",
                     *               "title": "a file size",
                     *               "wanted": "at most 512 MB",
                     *               "least": null,
                     *               "most": 512000000,
                     *               "source": {
                     *                 "title": "X Developer Platform: media best practices",
                     *                 "url": "https://docs.x.com/x-api/media/quickstart/best-practices",
                     *                 "owner": true,
                     *                 "read": "2026-11-28"
                     *               }
                     *             },
                     *             {
                     *               "rule": "aspectRatio",
                     *               "title": "an aspect ratio",
                     *               "wanted": "1:3 to 3:1",
                     *               "least": 0.3333333333333333,
                     *               "most": 3,
                     *               "source": {
                     *                 "title": "X Developer Platform: media best practices",
                     *                 "url": "https://docs.x.com/x-api/media/quickstart/best-practices",
                     *                 "owner": true,
                     *                 "read": "2026-11-28"
                     *               }
                     *             },
                     *             {
                     *               "rule": "shorterSide",
                     *               "title": "a shorter side",
                     *               "wanted": "32 px to 1024 px",
                     *               "least": 32,
                     *               "most": 1024,
                     *               "source": {
                     *                 "title": "X Developer Platform: media best practices",
                     *                 "url": "https://docs.x.com/x-api/media/quickstart/best-practices",
                     *                 "owner": true,
                     *                 "read": "2026-11-28"
                     *               }
                     *             },
                     *             {
                     *               "rule": "longerSide",
                     *               "title": "a longer side",
                     *               "wanted": "at most 1280 px",
                     *               "least": null,
                     *               "most": 1280,
                     *               "source": {
                     *                 "title": "X Developer Platform: media best practices",
                     *                 "url": "https://docs.x.com/x-api/media/quickstart/best-practices",
                     *                 "owner": true,
                     *                 "read": "2026-11-28"
                     *               }
                     *             },
                     *             {
                     *               "rule": "frameRate",
                     *               "title": "a frame rate",
                     *               "wanted": "at most 60 fps",
                     *               "least": null,
                     *               "most": 60,
                     *               "source": {
                     *                 "title": "X Developer Platform: media best practices",
                     *                 "url": "https://docs.x.com/x-api/media/quickstart/best-practices",
                     *                 "owner": true,
                     *                 "read": "2026-11-28"
                     *               }
                     *             }
                     *           ],
                     *           "advice": [
                     *             {
                     *               "text": "Subscribers may upload 1080p; resolution=1080p makes that.",
                     *               "source": {
                     *                 "title": "X Developer Platform: media best practices",
                     *                 "url": "https://docs.x.com/x-api/media/quickstart/best-practices",
                     *                 "owner": true,
                     *                 "read": "2026-11-28"
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TargetList"];
                };
            };
            /** @description Nothing has changed since the response whose ETag If-None-Match holds. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimitLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "RateLimit-Remaining": components["headers"]["RateLimitRemaining"];
                    "RateLimit-Reset": components["headers"]["RateLimitReset"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            429: components["responses"]["Error429"];
            500: components["responses"]["Error500"];
        };
    };
    jobEnded: {
        parameters: {
            query?: never;
            header: {
                /** @description Message id; the same on every retry. */
                "webhook-id": string;
                /** @description Standard Webhooks signature: v1,<base64>. */
                "webhook-signature": string;
                /** @description When this attempt was sent, as a Unix timestamp in seconds. */
                "webhook-timestamp": string;
                /** @description Hex HMAC-SHA256 of the raw body, keyed with your webhook secret. */
                "X-Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobStatus"];
            };
        };
        responses: {
            /** @description Received. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Stop retrying this message. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}

/** The `code` of an error that the service answers. */
export type ErrorCode =
  | 'active_job_exists'
  | 'api_key_missing'
  | 'api_key_unknown'
  | 'asset_not_found'
  | 'bad_request'
  | 'body_too_large'
  | 'both_file_and_url'
  | 'catcher_closed'
  | 'catcher_not_found'
  | 'catcher_off'
  | 'database_unavailable'
  | 'disk_full'
  | 'empty_file'
  | 'expectation_failed'
  | 'fetch_urls_off'
  | 'field_too_long'
  | 'file_too_large'
  | 'format_not_offered'
  | 'headers_too_large'
  | 'idempotency_key_reused'
  | 'inputs_gone'
  | 'internal_error'
  | 'invalid_captions'
  | 'invalid_idempotency_key'
  | 'invalid_json'
  | 'invalid_option'
  | 'invalid_query'
  | 'invalid_source_url'
  | 'invalid_webhook_url'
  | 'job_not_cancellable'
  | 'job_not_ended'
  | 'job_not_found'
  | 'job_not_retryable'
  | 'malformed_multipart'
  | 'media_gone'
  | 'media_not_found'
  | 'method_not_allowed'
  | 'metrics_token_required'
  | 'migrations_pending'
  | 'missing_field'
  | 'no_video'
  | 'no_webhook'
  | 'not_a_file'
  | 'not_found'
  | 'not_multipart'
  | 'not_text'
  | 'operator_role_missing'
  | 'ops_password_required'
  | 'range_not_satisfiable'
  | 'rate_limited'
  | 'raw_body'
  | 'repeated_field'
  | 'request_timeout'
  | 'start_link_used'
  | 'storage_full'
  | 'storage_quota_exceeded'
  | 'storage_unavailable'
  | 'too_many_streams'
  | 'too_many_uploads'
  | 'two_api_keys'
  | 'unknown_field'
  | 'unknown_file'
  | 'unknown_parameter'
  | 'unsupported_encoding'
  | 'unsupported_media_type'
  | 'upload_broken_off'
  | 'upload_lost'
  | 'upload_too_slow'
  | 'upload_under_way'
  | 'url_too_long'
  | 'video_not_found';
