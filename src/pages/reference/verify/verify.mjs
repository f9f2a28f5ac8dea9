// Node.js / Express
import crypto from 'node:crypto';
import express from 'express';

const app = express();

// The signature covers the raw bytes: verify first, then parse.
app.post('/hooks/vidgen', express.raw({ type: 'application/json' }), (req, res) => {
  const got = req.header('X-Webhook-Signature') || '';
  const expected = crypto
    .createHmac('sha256', process.env.WEBHOOK_SECRET)
    .update(req.body)
    .digest('hex');

  if (
    got.length !== expected.length ||
    !crypto.timingSafeEqual(Buffer.from(got), Buffer.from(expected))
  ) {
    return res.status(401).end();
  }

  const event = JSON.parse(req.body.toString());
  console.log(event.status, event.outputVideo);
  res.sendStatus(200);
});

app.listen(process.env.PORT || 4000);
