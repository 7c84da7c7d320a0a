package dev.channels.it.ee;

/** What is ordered. */
public class Order {

    private int id;

    public int getId() {
        return id;
    }

    public void setId(int id) {
        this.id = id;
    }
}
