package main

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// reading is the state of all meters at one moment.
type reading struct {
	calls, errors, skipped int64
	cpu                    time.Duration
	at                     time.Time
	rssBytes               int64
}

// cost is one measured window, as the one line of JSON that the bench reads.
type cost struct {
	Calls       int64   `json:"calls"`
	Errors      int64   `json:"errors"`
	Skipped     int64   `json:"skipped"`
	CPUSeconds  float64 `json:"cpuSeconds"`
	WallSeconds float64 `json:"wallSeconds"`
	RSSBytes    int64   `json:"rssBytes"`
	Connections int64   `json:"connections"`
}

func takeReading(all *renewers) (reading, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return reading{}, err
	}
	rss, err := residentBytes()
	if err != nil {
		return reading{}, err
	}
	return reading{
		calls:    all.calls.Load(),
		errors:   all.errors.Load(),
		skipped:  all.skipped.Load(),
		cpu:      time.Duration(usage.Utime.Nano() + usage.Stime.Nano()),
		at:       time.Now(),
		rssBytes: rss,
	}, nil
}

func costBetween(before, after reading) cost {
	return cost{
		Calls:       after.calls - before.calls,
		Errors:      after.errors - before.errors,
		Skipped:     after.skipped - before.skipped,
		CPUSeconds:  (after.cpu - before.cpu).Seconds(),
		WallSeconds: after.at.Sub(before.at).Seconds(),
		RSSBytes:    after.rssBytes,
		Connections: openConnections.Load(),
	}
}

// residentBytes reads the second field of /proc/self/statm (proc_pid_statm(5)): resident pages.
func residentBytes() (int64, error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		return 0, err
	}
	return resident * int64(os.Getpagesize()), nil
}
