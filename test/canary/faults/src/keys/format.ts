export const  ugly = {"a":1};
