-- People ask by the number they were given.
CREATE INDEX item_number ON item (number);
