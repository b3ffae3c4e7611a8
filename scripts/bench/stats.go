//go:build unix

package main

// Medians and ratios. A ratio above 1 always means that cos is the better one.

import (
	"math"
	"slices"
)

// spread is the median of some rounds and their extremes.
type spread struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

func spreadOf(values []float64) (spread, bool) {
	if len(values) == 0 {
		return spread{}, false
	}
	s := slices.Sorted(slices.Values(values))
	mid := s[len(s)/2]
	if len(s)%2 == 0 {
		mid = (mid + s[len(s)/2-1]) / 2
	}
	return spread{mid, s[0], s[len(s)-1]}, true
}

// ratios compares cos with another engine round by round; rounds that one of them has
// not finished do not count.
func ratios(cos, other []float64, lower bool) []float64 {
	var out []float64
	for i := range min(len(cos), len(other)) {
		a, b := cos[i], other[i]
		if lower {
			a, b = b, a
		}
		if r := a / b; !math.IsNaN(r) && !math.IsInf(r, 0) {
			out = append(out, r)
		}
	}
	return out
}

// geometricMean of positive values.
func geometricMean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(values)))
}

// percentile of sorted values, q from 0 to 1.
func percentile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
