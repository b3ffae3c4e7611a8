package runtime

// %Net.HttpRequest and %Net.HttpResponse: HTTP/1.1 over a TCP device that one request
// opens and closes.

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"

	"cos/devices"
)

func init() {
	send := func(method string) func(*Process, *object, []Value) Value {
		return func(p *Process, o *object, a []Value) Value {
			return p.httpSend(o, method, p.inText(a, 0, ""), p.inInt(a, 1, 0))
		}
	}
	registerClasses(
		&class{Name: "%Net.HttpRequest", Doc: "an HTTP request; its answer is HttpResponse", New: newRequest,
			Properties: []property{
				{Name: "Server", Doc: "host name or address"},
				{Name: "Port", Get: httpPort, Set: func(_ *Process, o *object, v Value) { o.keep("Port", v) }, Doc: "80, or 443 with Https"},
				{Name: "Https", Default: Int(0), Doc: "1 for TLS"},
				{Name: "SSLConfiguration", Doc: "the TLS configuration"},
				{Name: "Timeout", Default: Int(30), Doc: "seconds to wait for the connection and for each part of the answer"},
				{Name: "Location", Doc: "the path, when the method names none"},
				{Name: "ContentType", Doc: "type of the body"},
				{Name: "EntityBody", Get: func(_ *Process, o *object) Value { return o.request().body }, Doc: "the body, a stream"},
				{Name: "HttpResponse", Get: func(_ *Process, o *object) Value { return o.request().answer.orEmpty() }, Doc: "the answer"},
				{Name: "FollowRedirect", Default: Int(1), Doc: "1: go where an answer 301, 302, 303, 307 or 308 points, on the same server"},
				{Name: "Username", Doc: "name for basic authentication"},
				{Name: "Password", Doc: "password for basic authentication"},
			},
			Methods: []method{
				{Name: "Get", Min: 0, Max: 3, Instance: true, Fn: send("GET"), Doc: "sends a GET request; test 1 prints it in place of sending it"},
				{Name: "Post", Min: 0, Max: 3, Instance: true, Fn: send("POST"), Doc: "sends a POST request"},
				{Name: "Put", Min: 0, Max: 3, Instance: true, Fn: send("PUT"), Doc: "sends a PUT request"},
				{Name: "Patch", Min: 0, Max: 3, Instance: true, Fn: send("PATCH"), Doc: "sends a PATCH request"},
				{Name: "Delete", Min: 0, Max: 3, Instance: true, Fn: send("DELETE"), Doc: "sends a DELETE request"},
				{Name: "Head", Min: 0, Max: 3, Instance: true, Fn: send("HEAD"), Doc: "sends a HEAD request"},
				{Name: "Send", Min: 1, Max: 3, Instance: true, Fn: func(p *Process, o *object, a []Value) Value {
					return p.httpSend(o, upper(p.inText(a, 0, "")), p.inText(a, 1, ""), p.inInt(a, 2, 0))
				}, Doc: "Send(method,location,test)"},
				{Name: "SetHeader", Min: 2, Max: 2, Instance: true, Fn: func(p *Process, o *object, a []Value) Value {
					o.request().header.Set(p.inText(a, 0, ""), p.inText(a, 1, ""))
					return statusOK
				}, Doc: "sets a header"},
				{Name: "GetHeader", Min: 1, Max: 1, Instance: true, Fn: func(p *Process, o *object, a []Value) Value {
					return FromUTF8(o.request().header.Get(p.inText(a, 0, "")))
				}, Doc: "a header of the request"},
				{Name: "RemoveHeader", Min: 1, Max: 1, Instance: true, Fn: func(p *Process, o *object, a []Value) Value {
					o.request().header.Del(p.inText(a, 0, ""))
					return statusOK
				}, Doc: "removes a header"},
				{Name: "SetParam", Min: 2, Max: 2, Instance: true, Fn: func(p *Process, o *object, a []Value) Value {
					o.request().query.Set(p.inText(a, 0, ""), p.inText(a, 1, ""))
					return statusOK
				}, Doc: "sets a parameter behind the ? of the location"},
				{Name: "InsertFormData", Min: 2, Max: 2, Instance: true, Fn: func(p *Process, o *object, a []Value) Value {
					o.request().form.Add(p.inText(a, 0, ""), p.inText(a, 1, ""))
					return statusOK
				}, Doc: "adds a field of a form, which becomes the body"},
				{Name: "Reset", Min: 0, Max: 0, Instance: true, Fn: func(p *Process, o *object, _ []Value) Value {
					newRequest(p, o, nil)
					return statusOK
				}, Doc: "forgets headers, parameters, form and body"},
			}},
		&class{Name: "%Net.HttpResponse", Doc: "the answer to an HTTP request", Abstract: true,
			Properties: []property{
				{Name: "StatusCode", ReadOnly: true, Doc: "200, 404, …"},
				{Name: "ReasonPhrase", ReadOnly: true, Doc: "OK, Not Found, …"},
				{Name: "StatusLine", ReadOnly: true, Doc: "HTTP/1.1 200 OK"},
				{Name: "HttpVersion", ReadOnly: true, Doc: "HTTP/1.1"},
				{Name: "ContentType", ReadOnly: true, Doc: "type of the body"},
				{Name: "ContentLength", ReadOnly: true, Doc: "its length as the server told it"},
				{Name: "Data", ReadOnly: true, Doc: "the body, a stream"},
			},
			Methods: []method{{Name: "GetHeader", Min: 1, Max: 1, Instance: true, Fn: func(p *Process, o *object, a []Value) Value {
				return FromUTF8(o.state.(http.Header).Get(p.inText(a, 0, "")))
			}, Doc: "a header of the answer, \"\" for none"}}},
	)
}

// request is the state of a %Net.HttpRequest.
type request struct {
	header http.Header
	query  url.Values
	form   url.Values
	body   Value // a stream
	answer Value
}

func (o *object) request() *request { return o.state.(*request) }

func (r *request) measure(m *measurer) {
	m.total += 4 << 10
	m.value(&r.body)
	m.value(&r.answer)
}

func newRequest(p *Process, o *object, a []Value) {
	if len(a) > 0 {
		p.raise(errParameter, "")
	}
	o.state = &request{header: http.Header{}, query: url.Values{}, form: url.Values{},
		body: newInstance(p, classIndex["%Stream.GlobalCharacter"], nil)}
}

func httpPort(_ *Process, o *object) Value {
	if v, ok := o.props["Port"]; ok {
		return v
	}
	if o.prop("Https").truth() {
		return Int(443)
	}
	return Int(80)
}

// httpSend sends a request and receives its answer, redirections followed.
func (p *Process) httpSend(o *object, method, location string, test int64) Value {
	if location == "" {
		location = o.prop("Location").utf8()
	}
	for range 10 {
		req, err := o.httpRequest(method, location)
		if err != nil {
			return p.failure(statusGeneral, FromUTF8(err.Error()))
		}
		if test == 1 {
			var b bytes.Buffer
			if err := req.Write(&b); err != nil {
				return p.failure(statusGeneral, FromUTF8(err.Error()))
			}
			if err := p.writeValue(FromUTF8(b.String())); err != nil {
				p.ioError(err, errWrite)
			}
			return statusOK
		}
		next, sc := p.httpExchange(o, req)
		if next == "" || !sc.truth() || !o.prop("FollowRedirect").truth() {
			return sc
		}
		location = next
	}
	return p.failure(statusGeneral, Text("Too many redirections"))
}

// httpRequest is the request that the object describes.
func (o *object) httpRequest(method, location string) (*http.Request, error) {
	r := o.request()
	if !strings.HasPrefix(location, "/") {
		location = "/" + location
	}
	to, err := url.Parse(location)
	if err != nil {
		return nil, err
	}
	if len(r.query) > 0 {
		to.RawQuery = strings.TrimPrefix(to.RawQuery+"&"+r.query.Encode(), "&")
	}
	s := r.body.object().stream()
	body := []byte(s.slice(0, s.size()).utf8())
	kind := o.prop("ContentType").utf8()
	if len(r.form) > 0 {
		body, kind = []byte(r.form.Encode()), "application/x-www-form-urlencoded"
	}
	host := o.prop("Server").utf8()
	port := httpPort(nil, o).utf8()
	req, err := http.NewRequest(method, "http://"+net.JoinHostPort(host, port)+"/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.URL.Path, req.URL.RawPath, req.URL.RawQuery = to.Path, to.RawPath, to.RawQuery
	if port == "80" || port == "443" {
		req.Host = host
	}
	req.Header = r.header.Clone()
	req.Header.Set("Connection", "close")
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", "cos/"+Version)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if user := o.prop("Username").utf8(); user != "" {
		req.SetBasicAuth(user, o.prop("Password").utf8())
	}
	if len(body) == 0 {
		req.Body = nil
	}
	return req, nil
}

// httpExchange sends a request and keeps the answer; next is where a redirection
// points.
func (p *Process) httpExchange(o *object, req *http.Request) (next string, sc Value) {
	limit := p.seconds(o.prop("Timeout"))
	if limit <= 0 {
		limit = 30 * time.Second
	}
	params := devices.Params{{Value: o.prop("Server").device(), Set: true}, {Value: httpPort(p, o).asText().device(), Set: true}}
	if o.prop("Https").truth() {
		params = append(params, devices.Param{Key: "/TLS", Value: o.prop("SSLConfiguration").device(), Set: true})
	}
	p.io.flush(devices.BeforeWait)
	d, err := devices.Open(context.Background(), p.sys.cfg.Env, p, "|TCP|"+itoa(int(lastOref.Add(1))), params, limit)
	if err != nil {
		p.oserror = err
		p.interrupted(err)
		return "", p.failure(statusNoSocket, FromUTF8(req.URL.Host))
	}
	defer d.Close(nil)
	line := &deviceLine{d: d, limit: limit}
	out := bufio.NewWriter(line)
	if err = req.Write(out); err == nil {
		err = out.Flush()
	}
	var answer *http.Response
	if err == nil {
		answer, err = http.ReadResponse(bufio.NewReader(line), req)
	}
	if err == nil {
		next, err = p.httpAnswer(o, answer)
	}
	if err != nil {
		p.interrupted(err)
		return "", p.failure(statusGeneral, FromUTF8("No answer from "+req.URL.Host+": "+err.Error()))
	}
	return next, statusOK
}

// interrupted raises what has interrupted a wait, or has forbidden it.
func (p *Process) interrupted(err error) {
	if errors.Is(err, devices.ErrInterrupted) {
		p.ioError(err, errRead)
	}
	p.forbidden(err)
}

// httpAnswer makes the %Net.HttpResponse of an answer.
func (p *Process) httpAnswer(o *object, answer *http.Response) (next string, err error) {
	defer answer.Body.Close()
	kind := answer.Header.Get("Content-Type")
	text := strings.HasPrefix(kind, "text/") || strings.Contains(kind, "json") || strings.Contains(kind, "xml")
	name := "%Stream.GlobalBinary"
	if text {
		name = "%Stream.GlobalCharacter"
	}
	data := newInstance(p, classIndex[name], nil)
	var body []byte
	buf := make([]byte, 32<<10)
	for err == nil {
		var n int
		n, err = answer.Body.Read(buf)
		p.claim(n)
		body = append(body, buf[:n]...)
	}
	if err != io.EOF {
		return "", err
	}
	v := Text(string(body))
	if text && !strings.Contains(strings.ToLower(kind), "iso-8859-1") {
		v = FromUTF8(string(body))
	}
	s := data.object().stream()
	s.append(p, v)
	s.fresh = false
	r := newObject(classIndex["%Net.HttpResponse"])
	r.state = answer.Header
	phrase := strings.TrimSpace(strings.TrimPrefix(answer.Status, itoa(answer.StatusCode)))
	for name, v := range map[string]Value{
		"StatusCode": Int(int64(answer.StatusCode)), "ReasonPhrase": FromUTF8(phrase), "HttpVersion": Text(answer.Proto),
		"StatusLine": FromUTF8(answer.Proto + " " + answer.Status), "ContentType": FromUTF8(kind),
		"ContentLength": FromUTF8(answer.Header.Get("Content-Length")), "Data": data,
	} {
		r.keep(name, v)
	}
	o.request().answer = oref(r)
	if to := answer.Header.Get("Location"); to != "" && redirects(answer.StatusCode) {
		if at, err := answer.Request.URL.Parse(to); err == nil && at.Host == answer.Request.URL.Host {
			return at.RequestURI(), nil
		}
	}
	return "", nil
}

// redirecting are the codes that point elsewhere, in order.
var redirecting = []int{301, 302, 303, 307, 308}

func redirects(code int) bool {
	i := sort.SearchInts(redirecting, code)
	return i < len(redirecting) && redirecting[i] == code
}

// deviceLine is a TCP device in packet mode as Go reads and writes it.
type deviceLine struct {
	d     devices.Device
	limit time.Duration
	rest  string
}

func (l *deviceLine) Write(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if err := l.d.WriteBytes(b); err != nil {
		return 0, err
	}
	return len(b), l.d.Control(3)
}

func (l *deviceLine) Read(b []byte) (int, error) {
	if l.rest == "" {
		r, err := l.d.Read(devices.ReadSpec{Timed: true, Timeout: l.limit})
		switch {
		case errors.Is(err, devices.ErrInterrupted):
			return 0, err
		case err != nil:
			return 0, io.EOF // the peer has closed, or its loss shows as one
		case r.TimedOut:
			return 0, errors.New("timed out")
		}
		l.rest = r.Text.S
	}
	n := copy(b, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}
