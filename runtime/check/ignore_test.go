package check

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIgnore(t *testing.T) {
	const stray = "warning: SET" + never
	for source, want := range map[string]string{
		" QUIT\n SET x=1 ; cos:ignore unreachable":                         "",
		" QUIT\n SET x=1 // cos:ignore unreachable because":                "",
		" QUIT\n SET x=1 ;; cos:ignore UNREACHABLE":                        "",
		" QUIT\n ; cos:ignore unreachable\n SET x=1":                       "",
		" QUIT\n\t;cos:ignore zutil,unreachable\n SET x=$ZUTIL(18)":        "",
		"; cos:ignore-file unreachable\n QUIT\n SET x=1\na QUIT\n SET y=1": "",
		" QUIT\n SET x=1\n; cos:ignore-file unreachable":                   "",
		" QUIT ; cos:ignore unreachable\n SET x=1":                         "1:7: warning: this comment silences no finding of unreachable|2:2: " + stray,
		" QUIT\n ; cos:ignore zutil\n SET x=1":                             "2:2: warning: this comment silences no finding of zutil|3:2: " + stray,
		" QUIT ; cos:ignore unreachible":                                   "1:7: warning: there is no rule unreachible; did you mean unreachable?",
		" QUIT ; cos:ignore":                                               "1:7: warning: cos:ignore needs the names of rules",
		" QUIT ; cos:ignore uncalled-label":                                "",
		" WRTE 1 ; cos:ignore syntax":                                      `1:2: unknown command "WRTE"; did you mean WRITE?|1:9: warning: the rule syntax cannot be silenced`,
		" WRITE \"cos:ignore unreachable\"":                                "",
	} {
		assert.Equal(t, want, strings.Join(found(source+"\n"), "|"), source)
	}
}

func TestOptions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.mac")
	require.NoError(t, os.WriteFile(file, []byte(" QUIT\n SET x=$ZUTIL(18)\n QUIT\nidle QUIT ; cos:ignore unreachable\n"), 0o644))
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{}, "warning unreachable, warning zutil, warning unused-ignore"},
		{Options{Disable: []string{"unreachable"}}, "warning zutil"},
		{Options{Disable: []string{"Zutil", "unused-ignore"}}, "warning unreachable"},
		{Options{Error: []string{"zutil"}}, "warning unreachable, error zutil, warning unused-ignore"},
		{Options{Enable: []string{"uncalled-label"}}, "warning unreachable, warning zutil, warning uncalled-label, warning unused-ignore"},
		{Options{Error: []string{"uncalled-label"}, Disable: []string{"unreachable", "zutil"}}, "error uncalled-label"},
	} {
		r, errs := Paths([]string{file}, c.o)
		require.Empty(t, errs)
		var got []string
		for _, f := range r.Findings {
			got = append(got, string(f.Severity)+" "+f.Rule)
		}
		assert.Equal(t, c.want, strings.Join(got, ", "), c.o)
	}
	_, errs := Paths([]string{file}, Options{Disable: []string{"unreachabel"}})
	assert.EqualError(t, errs[0], "there is no rule unreachabel; did you mean unreachable?")
	_, errs = Paths([]string{file}, Options{Disable: []string{"syntax"}})
	assert.EqualError(t, errs[0], "the rule syntax cannot be disabled")
}

// TestFormats: the JSON has what the text has; the SARIF log follows the schema of OASIS.
func TestFormats(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.WriteFile("ä b.mac", []byte(" SET \"é\",x=\n QUIT\n SET x=1\n"), 0o644))
	require.NoError(t, os.WriteFile("all.xml", []byte(`<Export><Routine name="a" type="MAC"> QUIT
 SET x=1
</Routine></Export>`), 0o644))
	r, errs := Paths([]string{"."}, Options{})
	require.Empty(t, errs)

	var b bytes.Buffer
	require.NoError(t, r.WriteJSON(&b))
	assert.JSONEq(t, `{"files":2,"errors":1,"warnings":2,"findings":[
		{"file":"all.xml(a.MAC)","line":2,"column":2,"rule":"unreachable","severity":"warning","message":"SET`+never+`","source":" SET x=1"},
		{"file":"ä b.mac","line":1,"column":6,"rule":"syntax","severity":"error","message":"unexpected \"é\", expected a variable to set","source":" SET \"é\",x="},
		{"file":"ä b.mac","line":3,"column":2,"rule":"unreachable","severity":"warning","message":"SET`+never+`","source":" SET x=1"}]}`, b.String())

	log := r.sarif("1.0")
	require.NoError(t, log.Validate())
	b.Reset()
	require.NoError(t, r.WriteSARIF(&b, "1.0"))
	var got struct {
		Version string
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct {
					Name, Version string
					Rules         []struct {
						ID                   string
						DefaultConfiguration struct {
							Level   string
							Enabled *bool
						}
					}
				}
			}
			Results []struct {
				RuleID, Level string
				RuleIndex     int
				Message       struct{ Text string }
				Locations     []struct {
					LogicalLocations []struct{ FullyQualifiedName string }
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine, StartColumn int }
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &got))
	assert.Equal(t, "2.1.0", got.Version)
	run := got.Runs[0]
	assert.Equal(t, "unicodeCodePoints", run.ColumnKind)
	assert.Equal(t, "cos check 1.0", run.Tool.Driver.Name+" "+run.Tool.Driver.Version)
	require.Len(t, run.Tool.Driver.Rules, len(rules))
	require.Len(t, run.Results, 3)
	for _, x := range run.Results {
		assert.Equal(t, x.RuleID, run.Tool.Driver.Rules[x.RuleIndex].ID)
	}
	inXML, inFile := run.Results[0].Locations[0], run.Results[1].Locations[0]
	assert.Equal(t, "all.xml(a.MAC):2:2", inXML.LogicalLocations[0].FullyQualifiedName)
	assert.Equal(t, "all.xml", inXML.PhysicalLocation.ArtifactLocation.URI)
	assert.Nil(t, inXML.PhysicalLocation.Region, "a line of the routine is no line of the file")
	assert.Equal(t, "%C3%A4%20b.mac", inFile.PhysicalLocation.ArtifactLocation.URI)
	assert.Equal(t, [2]int{1, 6}, [2]int{inFile.PhysicalLocation.Region.StartLine, inFile.PhysicalLocation.Region.StartColumn})
	assert.Equal(t, "error", run.Results[1].Level)

	empty, _ := Paths(nil, Options{})
	require.NoError(t, empty.sarif("1.0").Validate())
	b.Reset()
	require.NoError(t, empty.WriteJSON(&b))
	assert.JSONEq(t, `{"files":0,"errors":0,"warnings":0,"findings":[]}`, b.String())
}
