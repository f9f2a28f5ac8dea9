<?php
$request = curl_init('https://example.com/api/jobs');
curl_setopt_array($request, [
    CURLOPT_HTTPHEADER => ['X-API-Key: ' . getenv('YOUR_API_KEY')],
    CURLOPT_POSTFIELDS => [
        'image' => new CURLFile('portrait.jpg'),
        'audio' => new CURLFile('voiceover.mp3'),
        'webhookUrl' => 'https://your.app/hooks/vidgen',
    ],
    CURLOPT_RETURNTRANSFER => true,
]);
$answer = json_decode(curl_exec($request), true);
if (curl_getinfo($request, CURLINFO_HTTP_CODE) !== 201) {
    exit($answer['error'] . "\n");
}
echo $answer['jobId'], "\n";
