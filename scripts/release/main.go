// Command release builds the archives of a release: for each system a .tar.gz, or .zip for
// Windows, with the program, its manual page, README and LICENSE, and SHA256SUMS for all of
// them. The same sources give the same bytes.
//
//	go run ./scripts/release -version 1.2.3 [-out dist] [-platforms linux/amd64,…]
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	goruntime "runtime"
	"strconv"
	"strings"
	"time"
)

// platforms are those that releases are for.
const platforms = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

// release is one release.
type release struct {
	version   string
	out       string
	platforms []string
	flags     []string  // of go build
	modified  time.Time // of every file in the archives
	say       io.Writer

	built map[string][]byte // by platform
}

func main() {
	r := &release{say: os.Stdout}
	flag.StringVar(&r.version, "version", "", "what cos version says (needed)")
	flag.StringVar(&r.out, "out", "dist", "folder of the archives")
	list := flag.String("platforms", platforms, "systems, as os/architecture")
	flag.Parse()
	r.platforms = strings.Split(*list, ",")
	r.flags = []string{"-trimpath"}
	if err := r.run(); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func (r *release) run() error {
	r.version = strings.TrimPrefix(r.version, "v")
	if r.version == "" || strings.ContainsAny(r.version, "/\\ \"'") {
		return fmt.Errorf("-version %q is none", r.version)
	}
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return err
	}
	if err := r.date(); err != nil {
		return err
	}
	page, err := r.manual()
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, p := range r.platforms {
		name, data, err := r.archive(p, page)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		if err := os.WriteFile(filepath.Join(r.out, name), data, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), name)
		fmt.Fprintf(r.say, "%s  %.1f MB\n", filepath.Join(r.out, name), float64(len(data))/1e6)
	}
	return os.WriteFile(filepath.Join(r.out, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// date is SOURCE_DATE_EPOCH, or when the last commit was made.
func (r *release) date() error {
	seconds := os.Getenv("SOURCE_DATE_EPOCH")
	if seconds == "" {
		b, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
		if err != nil {
			return fmt.Errorf("git log: %w (or set SOURCE_DATE_EPOCH)", err)
		}
		seconds = strings.TrimSpace(string(b))
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return err
	}
	r.modified = time.Unix(n, 0).UTC()
	return nil
}

// build builds cos for a platform, once.
func (r *release) build(platform string) ([]byte, error) {
	if b := r.built[platform]; b != nil {
		return b, nil
	}
	system, arch, ok := strings.Cut(platform, "/")
	if !ok {
		return nil, fmt.Errorf("a platform is os/architecture")
	}
	dir, err := os.MkdirTemp("", "cos-release-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "cos")
	args := append([]string{"build", "-o", file, "-ldflags", "-s -w -X cos/runtime.Version=" + r.version}, r.flags...)
	c := exec.Command("go", append(args, "cos")...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+arch)
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	b, err := os.ReadFile(file)
	if err == nil {
		r.built = map[string][]byte{platform: b} // the next is of another one
	}
	return b, err
}

// manual is the page that a cos of this release prints.
func (r *release) manual() ([]byte, error) {
	dir, err := os.MkdirTemp("", "cos-release-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	b, err := r.build(goruntime.GOOS + "/" + goruntime.GOARCH)
	if err != nil {
		return nil, err
	}
	cos := filepath.Join(dir, "cos")
	if err := os.WriteFile(cos, b, 0o755); err != nil {
		return nil, err
	}
	return exec.Command(cos, "help", "--man").Output()
}

// member is one file of an archive.
type member struct {
	name string
	mode os.FileMode
	data []byte
}

// archive builds for a platform and packs.
func (r *release) archive(platform string, page []byte) (name string, data []byte, err error) {
	base := "cos-" + r.version + "-" + strings.ReplaceAll(platform, "/", "-")
	binary, err := r.build(platform)
	if err != nil {
		return "", nil, err
	}
	windows := strings.HasPrefix(platform, "windows/")
	program := "cos"
	if windows {
		program = "cos.exe"
	}
	files := []member{{path.Join(base, program), 0o755, binary}, {path.Join(base, "cos.1"), 0o644, page}}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "cos").Output()
	if err != nil {
		return "", nil, fmt.Errorf("go list: %w", err)
	}
	for _, doc := range []string{"README.md", "LICENSE"} {
		b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), doc))
		if err != nil {
			return "", nil, err
		}
		files = append(files, member{path.Join(base, doc), 0o644, b})
	}
	var b bytes.Buffer
	name, pack := base+".tar.gz", r.tar
	if windows {
		name, pack = base+".zip", r.zip
	}
	err = pack(&b, files)
	return name, b.Bytes(), err
}

func (r *release) tar(w io.Writer, files []member) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Mode: int64(f.mode), Size: int64(len(f.data)), ModTime: r.modified, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		if _, err := t.Write(f.data); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return z.Close()
}

func (r *release) zip(w io.Writer, files []member) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: r.modified}
		h.SetMode(f.mode)
		to, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := to.Write(f.data); err != nil {
			return err
		}
	}
	return z.Close()
}
