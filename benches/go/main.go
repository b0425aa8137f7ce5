// Command benches measures a controller's own steps with Go's standard library, and prints JSON. There is no package for Go: the
// figures stand beside those of the other languages.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	path        = "/home/user/projects/report-2026/summary.md"
	escapedPath = "/home/user/projects/q, (final)/summary.txt"
	user        = "user"
	token       = "559fbd076af099f858db66bce0b018fdb723be6c02d8006dfd8956c682146b25"
	id          = "i94gcaqbpvohfr764s5l"
	end         = 1_800_000_060
	now         = end - 60
)

var seed = []byte("a seed of at least 32 bytes, kept secret")

func sign(path, user, expires string) string {
	tag := sha256.Sum256([]byte(path + ":read:" + user + ":" + token + ":" + expires))
	return "v1_" + base64.RawStdEncoding.EncodeToString(tag[:])
}

func same(left, right string) bool {
	return subtle.ConstantTimeCompare([]byte(left), []byte(right)) == 1
}

// check returns the path that a signed target grants.
func check(target string) (string, bool) {
	query, isFile := strings.CutPrefix(target, "/files?")
	values, err := url.ParseQuery(query)
	if !isFile || err != nil || len(values["path"]) != 1 || len(values["signature"]) != 1 {
		return "", false
	}
	expires := values.Get("signature_expiration")
	last, err := strconv.ParseInt(expires, 10, 64)
	right := sign(values["path"][0], values.Get("username"), expires)
	return values["path"][0], err == nil && same(values["signature"][0], right) && now <= last
}

func derive(id string) string {
	mac := hmac.New(sha256.New, seed)
	mac.Write([]byte(id))
	return hex.EncodeToString(mac.Sum(nil))
}

type row struct {
	Row    string  `json:"row"`
	Name   string  `json:"name"`
	Ours   bool    `json:"ours"`
	Least  float64 `json:"least"`
	Median float64 `json:"median"`
	call   func() bool
}

func (r row) turn(calls int) float64 {
	start := time.Now()
	for range make([]struct{}, calls) {
		if !r.call() {
			panic(r.Row + ": a wrong answer")
		}
	}
	return float64(time.Since(start).Nanoseconds()) / float64(calls)
}

func main() {
	expires := strconv.Itoa(end)
	signature, right := sign(path, user, expires), derive(id)
	query := url.Values{"path": {escapedPath}, "username": {user}, "signature_expiration": {expires}}
	query.Set("signature", sign(escapedPath, user, expires))
	target := "/files?" + query.Encode()
	const name = "the standard library"
	rows := []row{
		{Row: "check, a signed target", Name: name, call: func() bool { granted, ok := check(target); return ok && granted == escapedPath }},
		{Row: "v1 sign", Name: name, call: func() bool { return len(sign(path, user, expires)) == 46 }},
		{Row: "v1 verify", Name: name, call: func() bool { return same(signature, sign(path, user, expires)) }},
		{Row: "v1 derive a token", Name: name, call: func() bool { return len(derive(id)) == 64 }},
		{Row: "v1 verify a token", Name: name, call: func() bool { return same(right, derive(id)) }},
	}
	rounds, calls := 500, 50
	if len(os.Args) > 1 && os.Args[1] == "--once" {
		rounds, calls = 1, 1
	}
	turns := make([][]float64, len(rows))
	for round := 0; round < rounds; round++ {
		if rounds > 1 && round%100 == 0 {
			fmt.Fprintf(os.Stderr, "Go: round %d of %d\n", round, rounds)
		}
		for at, row := range rows {
			turns[at] = append(turns[at], row.turn(calls))
		}
	}
	for at := range rows {
		slices.Sort(turns[at])
		rows[at].Least, rows[at].Median = turns[at][0], turns[at][rounds/2]
	}
	version := strings.TrimPrefix(runtime.Version(), "go")
	report := map[string]any{"language": "Go", "rounds": rounds, "versions": map[string]string{"Go": version}, "rows": rows}
	if err := json.NewEncoder(os.Stdout).Encode(report); err != nil {
		panic(err)
	}
}
