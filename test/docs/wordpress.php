<?php
// As much of WordPress as the recipe touches. wordpress.php RECIPE; prints the post's meta as JSON after each step.
define('ABSPATH', '/');
foreach (['VIDGEN_URL', 'VIDGEN_API_KEY', 'VIDGEN_WEBHOOK_SECRET'] as $name) define($name, getenv($name));
if (!function_exists('mb_substr')) { function mb_substr($text, $from, $length) { return substr($text, $from, $length); } }

class WP_Error
{
    public function __construct(private string $code, private string $message) {}
    public function get_error_message() { return $this->message; }
}
class WP_REST_Response
{
    public function __construct(public $data, public int $status) {}
}
class Request
{
    public function __construct(private string $body, private string $signature) {}
    public function get_body() { return $this->body; }
    public function get_header($name) { return $name === 'x_webhook_signature' ? $this->signature : null; }
    public function get_json_params() { return json_decode($this->body, true); }
}

$hooks = $routes = $shortcodes = $meta = [];
function add_action($name, $callback, $priority = 10, $arguments = 1) { global $hooks; $hooks[$name] = [$callback, $arguments]; }
function add_shortcode($name, $callback) { global $shortcodes; $shortcodes[$name] = $callback; }
function register_rest_route($space, $path, $route) { global $routes; $routes["$space$path"] = $route; }
function do_action($name, ...$given) { global $hooks; [$callback, $most] = $hooks[$name]; $callback(...array_slice($given, 0, $most)); }
function update_post_meta($post, $name, $value) { global $meta; $meta[$name] = $value; }
function get_post_meta($post, $name, $single) { global $meta; return $meta[$name] ?? ''; }
function is_wp_error($value) { return $value instanceof WP_Error; }
function wp_json_encode($value) { return json_encode($value); }
function rest_url($path) { return "https://blog.example/wp-json/$path"; }
function get_the_title($post) { return 'Überschrift'; }
function get_the_ID() { return 7; }
function get_attached_media($type, $post) { return [(object) ['ID' => 9]]; }
function has_post_thumbnail($post) { return true; }
function get_the_post_thumbnail_url($post, $size) { return 'https://blog.example/cover.jpg'; }
function wp_get_attachment_url($id) { return 'https://blog.example/episode.mp3'; }
function wp_video_shortcode($given) { return "<video src=\"{$given['src']}\">"; }
function wp_remote_post($url, $given)
{
    $headers = array_map(fn($name, $value) => "$name: $value", array_keys($given['headers']), $given['headers']);
    $options = ['method' => 'POST', 'header' => $headers, 'content' => $given['body'], 'ignore_errors' => true];
    $body = file_get_contents($url, false, stream_context_create(['http' => $options]));
    return ['body' => $body, 'code' => (int) explode(' ', $http_response_header[0])[1]];
}
function wp_remote_retrieve_body($response) { return $response['body']; }
function wp_remote_retrieve_response_code($response) { return $response['code']; }

require $argv[1];

$post = (object) ['ID' => 7];
do_action('transition_post_status', 'publish', 'draft', $post);
$submitted = $meta;
do_action('transition_post_status', 'publish', 'publish', $post);
do_action('rest_api_init');
$route = $routes['vidgen/v1/ended'];
$request = fn($signature) => new Request(getenv('BODY'), $signature);
$allowed = array_map(fn($one) => $route['permission_callback']($request($one)), [getenv('SIGNATURE'), 'wrong', '']);
$answer = $route['callback']($request(getenv('SIGNATURE')));
echo json_encode(compact('submitted', 'allowed', 'meta') + [
    'status' => $answer->status,
    'shown' => $shortcodes['vidgen'](),
]);
