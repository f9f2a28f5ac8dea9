export type Key = { id: string; name: string; apiKey: string; webhookSecret: string };
