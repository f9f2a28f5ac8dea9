# pip install requests
import os
import requests

with open("portrait.jpg", "rb") as image, open("voiceover.mp3", "rb") as audio:
    response = requests.post(
        "https://example.com/api/jobs",
        headers={"X-API-Key": os.environ["YOUR_API_KEY"]},
        files={"image": image, "audio": audio},
        data={"webhookUrl": "https://your.app/hooks/vidgen"},
    )

answer = response.json()
if not response.ok:
    raise SystemExit(answer["error"])
print(answer["jobId"])
