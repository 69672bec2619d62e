package sim

import "math"

// What theory says of textbook queues. Times are in the unit of the service
// time, loads in servers.

// erlangC is the probability that an arrival at M/M/c has to wait; a is the
// offered load (Erlang 1917).
func erlangC(c int, a float64) float64 {
	b := 1.0 // Erlang's loss formula, by recursion
	for k := 1; k <= c; k++ {
		b = a * b / (float64(k) + a*b)
	}
	rho := a / float64(c)
	return b / (1 - rho + rho*b)
}

// waitMMc is the mean time in line of M/M/c.
func waitMMc(c int, a, service float64) float64 {
	return erlangC(c, a) * service / (float64(c) - a)
}

// pollaczekKhinchine is the mean time in line of M/G/1 for services of a mean
// and a coefficient of variation.
func pollaczekKhinchine(rho, service, cv float64) float64 {
	return rho * service * (1 + cv*cv) / (2 * (1 - rho))
}

// levelsMMcK are the probabilities of 0 to K inside M/M/c/K.
func levelsMMcK(c, k int, a float64) []float64 {
	p, sum := make([]float64, k+1), 0.0
	for n := range p {
		p[n] = 1
		if n > 0 {
			p[n] = p[n-1] * a / float64(min(n, c))
		}
		sum += p[n]
	}
	for n := range p {
		p[n] /= sum
	}
	return p
}

// waitMMcK is the mean time in line of those whom M/M/c/K has room for.
func waitMMcK(c, k int, a, service float64) float64 {
	p, line := levelsMMcK(c, k, a), 0.0
	for n := c; n <= k; n++ {
		line += float64(n-c) * p[n]
	}
	return line / (a / service * (1 - p[k]))
}

// waitMDc is the mean time in line of M/D/c. In one service time all who were
// in service leave and nobody who came in it, so the number inside there and
// then is a Markov chain with the mean of all times (Crommelin 1932).
func waitMDc(c int, a, service float64) float64 {
	const most = 150
	arrivals := make([]float64, most)
	arrivals[0] = math.Exp(-a)
	for n := 1; n < most; n++ {
		arrivals[n] = arrivals[n-1] * a / float64(n)
	}
	p := make([]float64, most)
	p[0] = 1
	for range 1000 {
		next := make([]float64, most)
		for n, now := range p {
			left := max(0, n-c)
			for more := 0; left+more < most; more++ {
				next[left+more] += now * arrivals[more]
			}
		}
		p = next
	}
	inside := 0.0
	for n, now := range p {
		inside += float64(n) * now
	}
	return (inside/a - 1) * service
}

// phases is a service of one phase, or two in a row: it begins in the first
// with probability first, else in the second; after the first, which ends at
// rate1, the second follows with probability onward. The second ends at rate2.
type phases struct{ first, onward, rate1, rate2 float64 }

// waitMPHc is the mean time in line of M/G/c for services in phases, from the
// equilibrium of the Markov chain of the number inside and the number of
// services in their first phase, by uniformisation.
func waitMPHc(c int, lambda float64, s phases) float64 {
	const most = 150
	fastest := lambda + float64(c)*max(s.rate1, s.rate2)
	p, next := make([][]float64, most+1), make([][]float64, most+1)
	for n := range p {
		p[n], next[n] = make([]float64, c+2), make([]float64, c+2)
	}
	p[0][0] = 1
	for range 6_000 {
		for n := range next {
			clear(next[n])
		}
		for n, row := range p {
			busy := min(n, c)
			for j, now := range row[:busy+1] {
				stay := now
				become := func(n, j int, rate float64) {
					if n <= most {
						next[n][j] += now * rate / fastest
						stay -= now * rate / fastest
					}
				}
				// change has the number become n, and a service begin if any does.
				change := func(n, j int, begins bool, rate float64) {
					if !begins {
						become(n, j, rate)
						return
					}
					become(n, j+1, rate*s.first)
					become(n, j, rate*(1-s.first))
				}
				change(n+1, j, n < c, lambda)
				if j > 0 {
					become(n, j-1, float64(j)*s.rate1*s.onward)
					change(n-1, j-1, n > c, float64(j)*s.rate1*(1-s.onward))
				}
				if busy > j {
					change(n-1, j, n > c, float64(busy-j)*s.rate2)
				}
				next[n][j] += stay
			}
		}
		p, next = next, p
	}
	line := 0.0
	for n, row := range p {
		for _, now := range row {
			line += float64(max(0, n-c)) * now
		}
	}
	return line / lambda
}

// leeLongton approximates the mean time in line of M/G/c: that of M/M/c, times
// (1+cv²)/2 (Lee and Longton, "Queueing Processes Associated with Airline
// Passenger Check-in", Operational Research Quarterly 10(1), 1959).
func leeLongton(c int, a, service, cv float64) float64 {
	return (1 + cv*cv) / 2 * waitMMc(c, a, service)
}

// kimura approximates it between M/D/c and M/M/c (Kimura, "A Two-Moment
// Approximation for the Mean Waiting Time in the GI/G/s Queue", Management
// Science 32(6), 1986).
func kimura(c int, a, service, cv float64) float64 {
	return (1 + cv*cv) / (2*cv*cv/waitMMc(c, a, service) + (1-cv*cv)/waitMDc(c, a, service))
}

// class is a class of priority: how many arrive, and the first two moments of
// their services.
type class struct{ lambda, mean, square float64 }

// cobham is the mean time in line of each class of M/G/1, or of M/M/c with
// services alike, the first class going first (Cobham, "Priority Assignment in
// Waiting Line Problems", Operations Research 2(1), 1954).
func cobham(c int, classes ...class) (waits []float64) {
	load, residual := 0.0, 0.0
	for _, k := range classes {
		load += k.lambda * k.mean
		residual += k.lambda * k.square / 2
	}
	if c > 1 {
		residual = erlangC(c, load) * classes[0].mean / float64(c)
	}
	before := 1.0
	for _, k := range classes {
		after := before - k.lambda*k.mean/float64(c)
		waits = append(waits, residual/(before*after))
		before = after
	}
	return waits
}

// exponentials is a class with exponential services.
func exponentials(lambda, mean float64) class { return class{lambda, mean, 2 * mean * mean} }
