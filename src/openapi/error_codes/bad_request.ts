import { entry } from './entry.ts';

/** What is wrong with a request itself: 400. */
export const badRequest = {
  bad_request: entry(
    400,
    'This is not a valid HTTP request. Check its URL, headers and body framing.',
    'Use an HTTP client library; a hand-written request breaks the protocol somewhere.',
  ),
  two_api_keys: entry(
    400,
    'X-API-Key and Authorization: Bearer hold two different keys. Send your API key in one of them.',
    'Send the key once.',
  ),
  invalid_query: entry(
    400,
    'limit must be a whole number from 1 to 100.',
    'Correct the query parameter that field names.',
  ),
  unknown_parameter: entry(
    400,
    'There is no parameter "page". Did you mean cursor?',
    'Use the parameter that the sentence names, or leave it out.',
  ),
  invalid_idempotency_key: entry(
    400,
    'Idempotency-Key must be 1 to 255 visible ASCII characters.',
    'Send a UUID, or leave the header out.',
  ),
  not_multipart: entry(
    400,
    'Send the request as multipart/form-data, with the fields image and audio.',
    'Let your HTTP client build the form and set Content-Type itself.',
  ),
  malformed_multipart: entry(
    400,
    'The multipart/form-data body cannot be read: it ends before its closing boundary.',
    'Let your HTTP client build the form and set Content-Type itself, boundary included.',
  ),
  missing_field: entry(
    400,
    'The field "audio" is missing. Send it as a file.',
    'Send both image and audio.',
  ),
  repeated_field: entry(
    400,
    'The field "image" is there twice. Send it once.',
    'Send each field once.',
  ),
  unknown_field: entry(
    400,
    'There is no field "webhook_url". Did you mean webhookUrl?',
    'Use the name that the sentence gives.',
  ),
  unknown_file: entry(
    400,
    'The field "picture" is not known. Send files as image and audio.',
    'Name the files image and audio.',
  ),
  invalid_option: entry(
    400,
    'aspectRatio must be one of source, 16:9, 9:16, 1:1, 4:5; "3:2" is not.',
    'Correct the field that field names; blank fields count as not given.',
  ),
  invalid_captions: entry(
    400,
    'Line 7 of the captions: the cue ends before it begins. Correct its times.',
    'Correct the line that the sentence names.',
  ),
  not_a_file: entry(
    400,
    'The field "image" must be a file: a JPEG, PNG or WebP picture.',
    'Send the bytes of the file, not its name or path. With curl: -F image=@portrait.jpg.',
  ),
  empty_file: entry(
    400,
    'The file in the field "audio" is empty.',
    'Check that the file was read before it was sent.',
  ),
  not_text: entry(
    400,
    'The field "webhookUrl" must be text, not a file.',
    'Send the field as UTF-8 text.',
  ),
  field_too_long: entry(400, 'The text in the field "note" is too long.', 'Shorten the text.'),
  invalid_webhook_url: entry(
    400,
    'webhookUrl must be an absolute URL that starts with https://, without spaces.',
    'Give a public https:// URL without a user name or password.',
  ),
  invalid_json: entry(
    400,
    'The JSON body cannot be read: it is empty.',
    'Let your HTTP client write the JSON; send an object in UTF-8.',
  ),
  invalid_source_url: entry(
    400,
    'imageUrl must name a public host: private, loopback and link-local ones are refused.',
    'Give an absolute https:// or http:// URL of a public host, or upload the file.',
  ),
  both_file_and_url: entry(
    400,
    'Both image and imageUrl are given. Send the file or its address, not both.',
    'Send the file or its address.',
  ),
  fetch_urls_off: entry(
    400,
    'imageUrl is not offered by this service. Send the file itself.',
    'Upload the file as multipart/form-data.',
  ),
  upload_broken_off: entry(
    400,
    'The upload broke off before its end. Send it again.',
    'Send it again.',
  ),
};
