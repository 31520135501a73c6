"""A whole trial, simulated many times: designed, run, analysed as a trial would, summed up."""
