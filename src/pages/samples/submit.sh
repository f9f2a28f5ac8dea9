curl -X POST https://example.com/api/jobs \
  -H "X-API-Key: $YOUR_API_KEY" \
  -F "image=@portrait.jpg" \
  -F "audio=@voiceover.mp3" \
  -F "webhookUrl=https://your.app/hooks/vidgen"
