"""Heart beats under the electrodes: found, learnt and set apart."""
