package trace

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cos/devices"
)

// hostile is what a peer sends who wants to run in the page.
const hostile = "</script><script>document.title='taken'</script>\x1b[2J\xff\x00"

// conversation is a client and a server in one process with a JOB child, and a client from
// elsewhere.
func conversation() []devices.Event {
	source := devices.Source{File: "/src/t.mac", Line: 4, Text: ` WRITE "<hello>",! ; says`}
	list := []devices.Event{
		{Kind: "listen", Job: 1, Device: "|TCP|1", Local: "[::]:7001", Place: "server+1^t"},
		{Kind: "OPEN", Job: 1, Device: "|TCP|1", Local: "[::]:7001", Text: `(:7001:"A")`, Test: true, Place: "server+1^t"},
		wire("connect", 2, there, here, ""),
		wire("send", 2, there, here, hostile),
		wire("accept", 1, here, there, ""),
		{Kind: "READ", Job: 1, Device: "|TCP|1", Text: "x:10", Test: true, Place: "server+2^t", Began: at(0), ZA: 12288},
		wire("handover", 1, here, there, ""),
		{Kind: "JOB", Job: 1, Device: "|TCP|1", Text: "child^t:(:16:)", Child: 3, Place: "server+3^t"},
		wire("receive", 3, here, there, hostile),
		{Kind: "note", Job: 3, Note: devices.NoteNoLineFeed, Text: "child", Device: "|TCP|1", Place: "child+2^t"},
		wire("send", 3, here, there, "<hello>"),
		wire("receive", 2, there, here, "<hello>"),
		{Kind: "READ", Job: 2, Device: "|TCP|2", Text: "x", Error: "READ", Place: "client+3^t"},
		wire("accept", 1, here, "10.1.2.3:5555", ""),
		wire("receive", 1, here, "10.1.2.3:5555", "from afar\r\n"),
		{Kind: "USE", Job: 1, Device: "0", Place: "server+4^t"},
		wire("close", 3, here, there, ""),
	}
	for i := range list {
		if list[i].Kind == "send" {
			list[i].Source = source
		}
	}
	return list
}

// A page holds its events as lines of JSON that no byte can break out of, also when the
// program is killed before the end.
func TestPage(t *testing.T) {
	list := conversation()
	b, err := os.ReadFile(written(t, "x.html", list))
	require.NoError(t, err)
	head, rest, ok := strings.Cut(string(b), `<script id="events" type="application/x-ndjson">`)
	require.True(t, ok)
	data, end, ok := strings.Cut(rest, "</script>")
	require.True(t, ok)
	assert.Equal(t, "\n</body>\n</html>\n", end)
	lines := strings.Split(strings.TrimSpace(data), "\n")
	require.Len(t, lines, len(list)+1)
	assert.Equal(t, `{"title":"run \u003ctest\u003e.mac"}`, lines[0])
	for _, l := range lines {
		assert.True(t, json.Valid([]byte(l)), l)
		assert.NotContains(t, l, "<")
	}
	assert.NotRegexp(t, `(?i)(src|href)\s*=|https?:|@import|url\(h`, head, "the page needs nothing from elsewhere")
}

// What is too much for a browser is left out, and the page tells.
func TestPageIsBounded(t *testing.T) {
	var b strings.Builder
	d, err := newDiagram(&b, "")
	require.NoError(t, err)
	e := settled(wire("send", 1, here, there, strings.Repeat("x", 2*pageBytes)))
	require.NoError(t, d.event(e, ""))
	assert.Less(t, b.Len(), len(page)+pageBytes+500)
	d.events = pageEvents
	size := b.Len()
	require.NoError(t, d.event(e, ""))
	require.NoError(t, d.event(e, ""))
	assert.Equal(t, size, b.Len())
	require.NoError(t, d.close())
	assert.Contains(t, b.String(), "\n"+`{"dropped":2}`+"\n</script>")
}

// browser runs a page in a headless browser, with a script of ours after it, and returns
// the document that it became.
func browser(t *testing.T, path, fragment, script string) string {
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			program = p
			break
		}
	}
	if program == "" {
		t.Skip("no headless browser is installed")
	}
	if script != "" {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		fmt.Fprintf(f, "<script>addEventListener('load', () => { %s });</script>", script)
		require.NoError(t, f.Close())
	}
	c := exec.Command(program, "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--window-size=1400,2400",
		"--virtual-time-budget=2000", "--dump-dom", "file://"+path+fragment)
	c.WaitDelay = time.Second
	limit := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	defer limit.Stop()
	out, err := c.Output()
	require.NoError(t, err)
	return string(out)
}

// drawn are the events that a document shows, detail is the panel.
func drawn(dom string) int {
	return len(regexp.MustCompile(`<g class="e[^"]*" data-i`).FindAllString(dom, -1))
}

func detailOf(dom string) string {
	_, after, _ := strings.Cut(dom, `<aside id="detail"`)
	panel, _, _ := strings.Cut(after, "</aside>")
	return panel
}

func TestPageInABrowser(t *testing.T) {
	list := conversation()
	dom := browser(t, written(t, "x.html", list), "", "")
	assert.True(t, strings.Contains(dom, fmt.Sprintf(`data-ready="%d"`, len(list))), "the page does not show it")
	assert.True(t, strings.Contains(dom, "<title>run &lt;test&gt;.mac · cos trace</title>"), "nothing that was sent ran")
	assert.Equal(t, len(list)-1+2, drawn(dom), "every event, USE aside, and two arrows to where what was sent arrived")
	for _, want := range []string{">server</text>", ">child</text>", ">10.1.2.3:5555</text>", ">$JOB 3</text>", "from afar\\r\\n", "&lt;hello&gt;",
		"READ x &lt;READ&gt;", "1 hint", "<b>3</b> jobs", "<b>2</b> connections", `class="wait"`, "JOB handed the connection over in stream mode"} {
		assert.True(t, strings.Contains(dom, want), want)
	}
	assert.Contains(t, detailOf(dom), "hidden")
}

func TestClickShowsBytesAndSource(t *testing.T) {
	click := `document.querySelector('g.e[data-i="10"] text').dispatchEvent(new MouseEvent("click", {bubbles: true}));`
	panel := detailOf(browser(t, written(t, "x.html", conversation()), "", click))
	for _, want := range []string{`data-event="10"`, "7 bytes", "&lt;hello&gt;", "3c 68 65 6c 6c 6f 3e", "t.mac:4", `WRITE "&lt;hello&gt;",! ; says`, "a+1^t", here, there} {
		assert.Contains(t, panel, want)
	}
	assert.NotContains(t, panel, `hidden=""`)

	// A fragment names an event too; hostile bytes are shown, not obeyed.
	panel = detailOf(browser(t, written(t, "x.html", conversation()), "#e4", ""))
	assert.Contains(t, panel, `&lt;/script&gt;&lt;script&gt;document.title='taken'&lt;/script&gt;<b>\x1b</b>[2J`)

	// A click on a lane shows only what concerns it.
	focus := `[...document.querySelectorAll("g.actor")].find(g => g.textContent.includes("10.1.2.3")).dispatchEvent(new MouseEvent("click", {bubbles: true}));`
	dom := browser(t, written(t, "x.html", conversation()), "", focus)
	assert.Equal(t, 2, drawn(dom))
	assert.True(t, strings.Contains(dom, "only 10.1.2.3:5555"), "the page does not show it")
}

// A page of a program that was killed is whole up to there.
func TestCutPageInABrowser(t *testing.T) {
	path := written(t, "x.html", conversation())
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	cut := strings.LastIndex(string(b), `"close"`)
	require.NoError(t, os.WriteFile(path, b[:cut], 0o600))
	assert.True(t, strings.Contains(browser(t, path, "", ""), fmt.Sprintf(`data-ready="%d"`, len(conversation())-1)))
}

// With 50,000 events the page draws only what is in view.
func TestLargePageInABrowser(t *testing.T) {
	var list []devices.Event
	for len(list) < pageEvents {
		peer := fmt.Sprintf("10.0.0.%d:%d", len(list)%50, 1000+len(list)/5000)
		list = append(list, wire("accept", 1, here, peer, ""), wire("receive", 1, here, peer, "ping"), wire("send", 1, here, peer, "pong"), wire("close", 1, here, peer, ""))
	}
	dom := browser(t, written(t, "x.html", list), "", "")
	assert.True(t, strings.Contains(dom, fmt.Sprintf(`data-ready="%d"`, pageEvents)), "the page does not show it")
	assert.Less(t, len(regexp.MustCompile(`data-i=`).FindAllString(dom, -1)), 200)
}
