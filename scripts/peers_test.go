package scripts_test

// The bundled programs against the real programs that they talk to. Each test runs where
// its peer is installed and says so where it is not.

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// limit bounds every wait.
const limit = 60 * time.Second

func installed(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skip(program + " is not installed")
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port
}

// cos is a command that runs a bundled program of net/ in a data directory of its own.
func cos(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0], append([]string{"run", "--entry", name, filepath.Join("net", name+".mac")}, args...)...)
	c.Env = append(os.Environ(), asCos+"=1", quickExit, "COS_DATA="+t.TempDir())
	c.Stderr = os.Stderr
	return c
}

// serve starts a bundled server and waits for the line by which it says that it listens.
func serve(t *testing.T, name string, args ...string) {
	t.Helper()
	c := cos(t, name, args...)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	start(t, c, out, "")
}

// start starts a server and waits for a line of output that contains ready.
func start(t *testing.T, c *exec.Cmd, out io.Reader, ready string) {
	t.Helper()
	require.NoError(t, c.Start())
	said, ended := make(chan bool, 1), make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.Contains(lines.Text(), ready) {
				select {
				case said <- true:
				default:
				}
			}
		}
	}()
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		<-ended
		_ = c.Wait() // the signal ended it
	})
	select {
	case <-said:
	case <-ended:
		t.Fatal("the server has ended")
	case <-time.After(limit):
		t.Fatal("the server does not start")
	}
}

// prints runs a command and returns what it prints.
func prints(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	late := time.AfterFunc(limit, func() { _ = c.Process.Kill() })
	defer late.Stop()
	b, err := c.Output()
	require.NoError(t, err, string(b))
	return string(b)
}

func redisServer(t *testing.T) (port string) {
	installed(t, "redis-server")
	port = freePort(t)
	c := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	start(t, c, out, "Ready to accept connections")
	return port
}

func TestRedisServer(t *testing.T) {
	port := redisServer(t)
	redis := func(command ...string) string {
		return prints(t, cos(t, "redis", append([]string{"127.0.0.1", port}, command...)...))
	}
	assert.Equal(t, "PONG\n", redis())
	assert.Equal(t, "OK\n", redis("SET", "text", "two\r\nlines"))
	assert.Equal(t, "two\r\nlines\n", redis("GET", "text"))
	assert.Equal(t, "(nil)\n", redis("GET", "nothing"))
	assert.Equal(t, "3\n", redis("RPUSH", "list", "a", "b", "c"))
	assert.Equal(t, "1) a\n2) b\n3) c\n", redis("LRANGE", "list", "0", "-1"))
	assert.Contains(t, redis("INCR", "text"), "error: ERR")
}

// TestProxyCarriesRedis: the proxy between a real client and a real server.
func TestProxyCarriesRedis(t *testing.T) {
	installed(t, "redis-cli")
	target, port := redisServer(t), freePort(t)
	serve(t, "proxy", port, "127.0.0.1", target)
	for i := range 5 {
		key := fmt.Sprint("key", i)
		assert.Equal(t, "OK\n", prints(t, exec.Command("redis-cli", "-p", port, "SET", key, strings.Repeat("x", 100000))))
		assert.Equal(t, "100000\n", prints(t, exec.Command("redis-cli", "-p", port, "STRLEN", key)))
	}
}

func TestHTTPServerWithCurl(t *testing.T) {
	installed(t, "curl")
	root, port := t.TempDir(), freePort(t)
	big := make([]byte, 1<<20)
	for i := range big {
		big[i] = byte(i * i >> 5)
	}
	require.NoError(t, os.WriteFile(filepath.Join(root, "big.bin"), big, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(root, "a b.txt"), []byte("blank"), 0o600))
	serve(t, "httpd", port, root)
	url := "http://127.0.0.1:" + port
	curl := func(args ...string) string {
		return prints(t, exec.Command("curl", append([]string{"--silent", "--max-time", "50"}, args...)...))
	}
	assert.True(t, bytes.Equal(big, []byte(curl(url+"/big.bin"))), "a file of a megabyte")
	assert.Equal(t, "blank", curl(url+"/a%20b.txt"))
	assert.Equal(t, "403", curl("--path-as-is", "--output", os.DevNull, "--write-out", "%{http_code}", url+"/../etc/passwd"))
	assert.Equal(t, `{"n":1}`, curl("-X", "PUT", "--data", `{"n": 1}`, url+"/api/items/one"))
	assert.Equal(t, `["one"]{"n":1}`, curl(url+"/api/items", url+"/api/items/one"))
	assert.Equal(t, "0", curl("--output", os.DevNull, "--output", os.DevNull, "--write-out", "%{num_connects}", url+"/api/items", url+"/api/items")[1:],
		"the second request uses the connection of the first")
	body := filepath.Join(root, "body")
	require.NoError(t, os.WriteFile(body, big[:900000], 0o600))
	assert.True(t, bytes.Equal(big[:900000], []byte(curl("--data-binary", "@"+body, url+"/api/echo"))), "by length, after 100-continue")
	assert.True(t, bytes.Equal(big[:900000], []byte(curl("-H", "Transfer-Encoding: chunked", "--data-binary", "@"+body, url+"/api/echo"))), "in chunks")
}

// TestHTTPClient: against Go's server, which answers in chunks what it does not know the
// length of.
func TestHTTPClient(t *testing.T) {
	text := strings.Repeat("0123456789", 20000)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/chunks":
			for i := 0; i < len(text); i += 30000 {
				fmt.Fprint(w, text[i:min(i+30000, len(text))])
				w.(http.Flusher).Flush()
			}
		case "/echo":
			b, _ := io.ReadAll(r.Body)
			w.Header().Set("Content-Length", fmt.Sprint(len(b)))
			_, _ = w.Write(b)
		default:
			http.NotFound(w, r)
		}
	}))
	defer s.Close()
	assert.Equal(t, "200 OK\n"+text+"\n", prints(t, cos(t, "http", s.URL+"/chunks")))
	assert.Equal(t, "200 OK\n{\"n\":1}\n", prints(t, cos(t, "http", s.URL+"/echo", "POST", `{"n":1}`)))
	assert.Equal(t, "404 Not Found\n404 page not found\n\n", prints(t, cos(t, "http", s.URL+"/")))
}

func TestHTTPClientWithNginx(t *testing.T) {
	installed(t, "nginx")
	dir, port := t.TempDir(), freePort(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte("from nginx"), 0o600))
	config := fmt.Sprintf("daemon off; pid %[1]s/pid; error_log stderr notice; events {}\nhttp { access_log off; client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;\n server { listen 127.0.0.1:%[2]s; root %[1]s; } }\n", dir, port)
	file := filepath.Join(dir, "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	c := exec.Command("nginx", "-p", dir, "-c", file, "-g", "user root;")
	out, err := c.StderrPipe()
	require.NoError(t, err)
	start(t, c, out, "start worker process ")
	assert.Equal(t, "200 OK\nfrom nginx\n", prints(t, cos(t, "http", "http://127.0.0.1:"+port+"/")))
}

func TestEchoWithNetcat(t *testing.T) {
	installed(t, "nc")
	port := freePort(t)
	serve(t, "echod", port)
	c := exec.Command("nc", "-N", "-w", "50", "127.0.0.1", port)
	text := strings.Repeat("line\r\n\x00\xff", 10000)
	c.Stdin = strings.NewReader(text)
	assert.Equal(t, text, prints(t, c))
}
