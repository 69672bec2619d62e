package sim

import "sync"

// InOrder works out results 0 to n-1, as many at a time as there are workers,
// and takes them in order, one at a time, until it wants no more. No more than
// twice as many as there are workers are held.
func InOrder[T any](n, workers int, work func(i int) T, take func(i int, result T) bool) {
	if workers == 1 {
		for i := range n {
			if !take(i, work(i)) {
				return
			}
		}
		return
	}
	results := make([]chan T, n)
	for i := range results {
		results[i] = make(chan T, 1)
	}
	room := make(chan struct{}, 2*workers)
	jobs := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range jobs {
				results[i] <- work(i)
			}
		})
	}
	enough := make(chan struct{})
	group.Go(func() {
		defer close(jobs)
		for i := range n {
			select {
			case room <- struct{}{}:
				jobs <- i
			case <-enough:
				return
			}
		}
	})
	for i := 0; i < n && take(i, <-results[i]); i++ {
		<-room
	}
	close(enough)
	group.Wait()
}
