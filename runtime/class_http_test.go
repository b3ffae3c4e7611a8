package runtime

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// %Net.HttpRequest talks to a real server: methods, headers, forms, redirections, a
// chunked body, and what fails.
func TestHttpRequest(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		user, password, _ := r.BasicAuth()
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Seen", r.Header.Get("X-Sent"))
		w.WriteHeader(201)
		fmt.Fprintf(w, "%s %s [%s] %s %s:%s €", r.Method, r.URL.RawQuery, body, r.Header.Get("Content-Type"), user, password)
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/big", http.StatusFound) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/big", func(w http.ResponseWriter, r *http.Request) {
		for range 100 {
			fmt.Fprint(w, strings.Repeat("x", 10000))
			w.(http.Flusher).Flush()
		}
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)

	out, err := run(t, `t(port) SET r=##class(%Net.HttpRequest).%New() WRITE r.Port SET r.Https=1 WRITE r.Port SET r.Https=0,r.Server="127.0.0.1",r.Port=port,r.Timeout=10
 DO r.SetHeader("X-Sent","hello"),r.SetHeader("X-Gone",1),r.RemoveHeader("X-Gone"),r.SetParam("a","b c") WRITE r.GetHeader("x-sent"),r.GetHeader("X-Gone"),!
 DO r.EntityBody.Write("body €") SET r.ContentType="text/x",r.Username="u",r.Password="p" WRITE r.Post("/echo?q=1") SET a=r.HttpResponse
 WRITE a.StatusCode,a.ReasonPhrase," ",a.StatusLine," ",a.HttpVersion," ",a.ContentType," ",a.ContentLength," ",a.GetHeader("X-SEEN")," ",a.Data.Read(),!
 DO r.Reset() SET r.Username="",r.ContentType="",r.Location="echo" DO r.InsertFormData("f","1&2") WRITE r.Put(),r.HttpResponse.Data.Read(),!
 DO r.Reset() WRITE r.Get("echo"),r.HttpResponse.Data.Read(),r.Send("options","/echo"),$PIECE(r.HttpResponse.Data.Read()," "),r.Delete("/echo"),$PIECE(r.HttpResponse.Data.Read()," "),r.Patch("/echo"),$PIECE(r.HttpResponse.Data.Read()," "),r.Head("/echo"),r.HttpResponse.Data.Size,!
 WRITE r.Get("/moved"),r.HttpResponse.StatusCode," ",r.HttpResponse.Data.Size SET r.FollowRedirect=0 WRITE r.Get("/moved"),r.HttpResponse.StatusCode SET r.FollowRedirect=1 WRITE $SYSTEM.Status.GetErrorText(r.Get("/loop")),r.Get("/none"),r.HttpResponse.StatusCode,!
 DO r.Get("/x",1)
`, port)
	require.NoError(t, err)
	lines := strings.Split(out, "\n")
	assert.Equal(t, "80443hello", lines[0])
	assert.Equal(t, "1201Created HTTP/1.1 201 Created HTTP/1.1 text/plain; charset=utf-8 40 hello POST q=1&a=b+c [body €] text/x u:p €", lines[1])
	assert.Equal(t, "1PUT  [f=1%262] application/x-www-form-urlencoded : €", lines[2])
	assert.Equal(t, "1GET  []  : €1OPTIONS1DELETE1PATCH10", lines[3])
	assert.Equal(t, "1200 10000001302ERROR #5001: Too many redirections1404", lines[4])
	assert.Equal(t, "GET /x HTTP/1.1\r", lines[5])

	out, err = run(t, `t(port) SET r=##class(%Net.HttpRequest).%New(),r.Server="127.0.0.1",r.Port=port,r.Timeout=2,r.Https=1,r.SSLConfiguration="nosuch" WRITE $SYSTEM.Status.GetErrorCodes(r.Get("/"))
`, port)
	require.NoError(t, err)
	assert.Contains(t, []string{"6059", "5001"}, out, "a TLS configuration that does not exist")

	server.Close()
	out, err = run(t, `t(port) SET r=##class(%Net.HttpRequest).%New(),r.Server="127.0.0.1",r.Port=port,r.Timeout=1 WRITE $SYSTEM.Status.GetErrorCodes(r.Get("/")),r.HttpResponse
`, port)
	require.NoError(t, err)
	assert.Equal(t, "6059", out)
}
